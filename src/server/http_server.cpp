#include "server/http_server.h"

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "server/routes.h"

namespace kedge::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using Models = std::vector<std::shared_ptr<ServedModel>>;

constexpr std::chrono::seconds kStopPatience{10};

class Session;

/// The open connections, so that a stop can close the idle ones and let the others finish.
class Sessions {
 public:
  void add(const std::shared_ptr<Session>& session);
  void remove(Session* session);
  /// Stops every session; `when_empty` is called once none is left, from whatever thread ends the last one.
  void stop(std::function<void()> when_empty);
  /// From here on nobody is told any more.
  void forget();
  bool stopping() const { return stopping_; }

 private:
  std::mutex mutex_;
  std::map<Session*, std::weak_ptr<Session>> open_;  // guarded by mutex_
  std::function<void()> when_empty_;                 // guarded by mutex_
  std::atomic<bool> stopping_ = false;
};

/// One connection: read a request, answer it, and again while the client keeps the connection.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const Models& models, const ServerOptions& options, Sessions& sessions)
      : stream_(std::move(socket)), models_(models), options_(options), sessions_(sessions) {}
  ~Session() { sessions_.remove(this); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void start() {
    sessions_.add(shared_from_this());
    asio::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->read(); });
  }

  /// Ends the connection if it waits for a request; a request that has begun is still answered.
  void stop() {
    asio::dispatch(stream_.get_executor(), [self = shared_from_this()] {
      if (self->idle_) self->stream_.cancel();
    });
  }

 private:
  void read() {
    if (sessions_.stopping()) return;
    parser_.emplace();
    parser_->body_limit(static_cast<std::uint64_t>(options_.body_limit));
    stream_.expires_after(std::chrono::seconds(options_.timeout_seconds));
    idle_ = buffer_.size() == 0;
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = shared_from_this()](beast::error_code error, std::size_t) {
                              self->idle_ = false;
                              if (error) return self->answer(error);
                              self->read_body();
                            });
  }

  void read_body() {
    // RFC 9110, 10.1.1 "Expect": curl holds back a large body until it is told to go on.
    if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
      static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      beast::error_code ignored;  // a connection that is gone shows itself at the next read
      asio::write(stream_.socket(), asio::buffer(kContinue.data(), kContinue.size()), ignored);
    }
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) { self->answer(error); });
  }

  void answer(beast::error_code error) {
    if (error == http::error::body_limit)
      return respond(
          {413, protocol::render_error("the request is larger than " + std::to_string(options_.body_limit) + " bytes")},
          kHttp11, false);
    if (error == http::error::header_limit)
      return respond({431, protocol::render_error("the request's header is too large")}, kHttp11, false);
    if (error == http::error::end_of_stream || error == beast::error::timeout ||
        error == asio::error::operation_aborted)
      return;  // the last reference goes, and with it the connection
    if (error) return respond({400, protocol::render_error("not a valid HTTP request")}, kHttp11, false);
    const http::request<http::string_body> request = parser_->release();
    const beast::string_view method = request.method_string();
    const beast::string_view target = request.target();
    respond(route({method.data(), method.size()}, {target.data(), target.size()}, request.body(), models_),
            request.version(), request.keep_alive());
  }

  void respond(Answer result, unsigned version, bool keep_alive) {
    keep_alive = keep_alive && !sessions_.stopping();
    response_ = {};
    response_.version(version);
    response_.result(static_cast<unsigned>(result.status));
    response_.set(http::field::server, "kedge");
    response_.set(http::field::content_type, "application/json");
    response_.keep_alive(keep_alive);
    response_.body() = std::move(result.body);
    response_.prepare_payload();
    stream_.expires_after(std::chrono::seconds(options_.timeout_seconds));
    http::async_write(stream_, response_,
                      [self = shared_from_this(), keep_alive](beast::error_code error, std::size_t) {
                        if (error) return;
                        if (!keep_alive) return self->close();
                        self->read();
                      });
  }

  /// Says that nothing more comes, then reads what the client still sends: closing with unread bytes would reset the
  /// connection, and the client might never see the answer.
  void close() {
    beast::error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(kLinger);
    drain();
  }

  void drain() {
    stream_.async_read_some(asio::buffer(discarded_),
                            [self = shared_from_this()](beast::error_code error, std::size_t) {
                              if (!error) self->drain();
                            });
  }

  static constexpr unsigned kHttp11 = 11;
  static constexpr std::chrono::seconds kLinger{2};

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  std::array<char, 4096> discarded_{};
  bool idle_ = false;  // only touched on the connection's strand
  const Models& models_;
  const ServerOptions& options_;
  Sessions& sessions_;
};

void Sessions::add(const std::shared_ptr<Session>& session) {
  const std::lock_guard lock(mutex_);
  open_[session.get()] = session;
}

void Sessions::remove(Session* session) {
  const std::lock_guard lock(mutex_);
  open_.erase(session);
  if (open_.empty() && when_empty_) when_empty_();
}

void Sessions::forget() {
  const std::lock_guard lock(mutex_);
  when_empty_ = nullptr;
}

void Sessions::stop(std::function<void()> when_empty) {
  stopping_ = true;
  std::vector<std::shared_ptr<Session>>
      sessions;  // stopped outside the lock: the last reference may end here, which calls remove()
  {
    const std::lock_guard lock(mutex_);
    when_empty_ = std::move(when_empty);
    if (open_.empty()) return when_empty_();
    for (const auto& [address, session] : open_) {
      if (std::shared_ptr<Session> alive = session.lock()) sessions.push_back(std::move(alive));
    }
  }
  for (const std::shared_ptr<Session>& session : sessions) session->stop();
}

class Listener {
 public:
  Listener(asio::io_context& context, const Models& models, const ServerOptions& options, Sessions& sessions)
      : context_(context),
        acceptor_(asio::make_strand(context)),
        models_(models),
        options_(options),
        sessions_(sessions) {}

  Result<std::uint16_t> listen() {
    beast::error_code error;
    const asio::ip::address address = asio::ip::make_address(options_.address, error);
    const auto fail = [&] {
      return make_error(
          "K1203",
          "cannot listen on " + options_.address + ":" + std::to_string(options_.port) + ": " + error.message(),
          Location::in("argument --http"));
    };
    if (error) return fail();
    const tcp::endpoint endpoint(address, options_.port);
    acceptor_.open(endpoint.protocol(), error);
    if (error) return fail();
    acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    acceptor_.bind(endpoint, error);
    if (error) return fail();
    acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return fail();
    accept();
    return acceptor_.local_endpoint().port();
  }

  void stop() {
    asio::dispatch(acceptor_.get_executor(), [this] {
      beast::error_code ignored;
      acceptor_.close(ignored);
    });
  }

 private:
  void accept() {
    acceptor_.async_accept(asio::make_strand(context_), [this](beast::error_code error, tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      if (!error) {
        socket.set_option(tcp::no_delay(true), error);
        std::make_shared<Session>(std::move(socket), models_, options_, sessions_)->start();
      }
      accept();
    });
  }

  asio::io_context& context_;
  tcp::acceptor acceptor_;
  const Models& models_;
  const ServerOptions& options_;
  Sessions& sessions_;
};

}  // namespace

Result<void> serve_http(const Models& models, const ServerOptions& options,
                        const std::function<void(std::uint16_t port)>& ready) {
  Sessions sessions;  // outlives the context, whose destructor ends connections that are still open
  asio::io_context context(static_cast<int>(options.threads));
  Listener listener(context, models, options, sessions);
  KEDGE_TRY(const std::uint16_t port, listener.listen());
  const auto strand = asio::make_strand(context);
  asio::signal_set signals(strand, SIGINT, SIGTERM);
  asio::steady_timer patience(strand);
  signals.async_wait([&](beast::error_code error, int) {
    if (error) return;
    // Requests in flight are answered; a second signal, or a client that takes too long, ends it all the same.
    signals.async_wait([&](beast::error_code, int) { context.stop(); });
    patience.expires_after(kStopPatience);
    patience.async_wait([&](beast::error_code) { context.stop(); });
    listener.stop();
    sessions.stop([&context] { context.stop(); });
  });
  ready(port);
  std::vector<std::thread> workers;
  for (std::int64_t i = 1; i < options.threads; ++i) workers.emplace_back([&context] { context.run(); });
  context.run();
  for (std::thread& worker : workers) worker.join();
  sessions.forget();
  return {};
}

}  // namespace kedge::server
