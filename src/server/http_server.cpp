#include "server/http_server.h"

#include <thread>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/strand.hpp>
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

/// One connection: read a request, answer it, and again while the client keeps the connection.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const Models& models, const ServerOptions& options) : stream_(std::move(socket)), models_(models), options_(options) {}

  void start() {
    asio::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->read(); });
  }

 private:
  void read() {
    parser_.emplace();
    parser_->body_limit(static_cast<std::uint64_t>(options_.body_limit));
    stream_.expires_after(std::chrono::seconds(options_.timeout_seconds));
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](beast::error_code error, std::size_t) { self->answer(error); });
  }

  void answer(beast::error_code error) {
    if (error == http::error::body_limit) return respond({413, protocol::render_error("the request is larger than " + std::to_string(options_.body_limit) + " bytes")}, 11, false);
    if (error == http::error::end_of_stream || error == beast::error::timeout || error == asio::error::operation_aborted) return close();
    if (error) return respond({400, protocol::render_error("not a valid HTTP request")}, 11, false);
    const http::request<http::string_body> request = parser_->release();
    const beast::string_view method = request.method_string();
    const beast::string_view target = request.target();
    respond(route({method.data(), method.size()}, {target.data(), target.size()}, request.body(), models_), request.version(), request.keep_alive());
  }

  void respond(Answer result, unsigned version, bool keep_alive) {
    response_ = {};
    response_.version(version);
    response_.result(static_cast<unsigned>(result.status));
    response_.set(http::field::server, "kedge");
    response_.set(http::field::content_type, "application/json");
    response_.keep_alive(keep_alive);
    response_.body() = std::move(result.body);
    response_.prepare_payload();
    stream_.expires_after(std::chrono::seconds(options_.timeout_seconds));
    http::async_write(stream_, response_, [self = shared_from_this(), keep_alive](beast::error_code error, std::size_t) {
      if (error || !keep_alive) return self->close();
      self->read();
    });
  }

  void close() {
    beast::error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  const Models& models_;
  const ServerOptions& options_;
};

class Listener {
 public:
  Listener(asio::io_context& context, const Models& models, const ServerOptions& options) : context_(context), acceptor_(asio::make_strand(context)), models_(models), options_(options) {}

  Result<std::uint16_t> listen() {
    beast::error_code error;
    const asio::ip::address address = asio::ip::make_address(options_.address, error);
    const auto fail = [&] { return make_error("K1203", "cannot listen on " + options_.address + ":" + std::to_string(options_.port) + ": " + error.message(), Location::in("argument --http")); };
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
        std::make_shared<Session>(std::move(socket), models_, options_)->start();
      }
      accept();
    });
  }

  asio::io_context& context_;
  tcp::acceptor acceptor_;
  const Models& models_;
  const ServerOptions& options_;
};

}  // namespace

Result<void> serve_http(const Models& models, const ServerOptions& options, const std::function<void(std::uint16_t port)>& ready) {
  asio::io_context context(static_cast<int>(options.threads));
  Listener listener(context, models, options);
  KEDGE_TRY(const std::uint16_t port, listener.listen());
  asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([&](beast::error_code, int) {
    listener.stop();
    context.stop();  // handlers that run now finish: their answers are sent by the same call
  });
  ready(port);
  std::vector<std::thread> workers;
  for (std::int64_t i = 1; i < options.threads; ++i) workers.emplace_back([&context] { context.run(); });
  context.run();
  for (std::thread& worker : workers) worker.join();
  return {};
}

}  // namespace kedge::server
