// Symbolic dimensions. An expression is a polynomial with integer coefficients over atoms; equality is equality of the
// canonical form. Text is the canonical form's key, so maps order terms the same way everywhere.
#include "tensor/dim.h"

#include <algorithm>

#include "base/check.h"

namespace kedge {

namespace {

enum class AtomKind : std::uint8_t { symbol, floordiv, mod, max, min };

std::int64_t floordiv_int(std::int64_t a, std::int64_t b) {
  const std::int64_t q = a / b;
  return (a % b != 0 && ((a < 0) != (b < 0))) ? q - 1 : q;
}

// Wrapping arithmetic: sizes that large are refused where shapes become memory.
std::int64_t wrap_add(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
std::int64_t wrap_mul(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
}

}  // namespace

struct Atom {
  AtomKind kind = AtomKind::symbol;
  std::string name;  // symbol
  Dim left, right;   // the others
};

/// Product of atoms, keyed by text so that equal products meet.
struct Monomial {
  std::vector<std::shared_ptr<const Atom>> atoms;  // sorted by text
};

struct DimExpr {
  std::map<std::string, std::pair<Monomial, std::int64_t>> terms;  // "" is the constant term
};

namespace {

using ExprPtr = std::shared_ptr<const DimExpr>;

std::string atom_text(const Atom& atom) {
  switch (atom.kind) {
    case AtomKind::symbol: return atom.name;
    case AtomKind::floordiv: return "floordiv(" + atom.left.to_string() + ", " + atom.right.to_string() + ")";
    case AtomKind::mod: return "mod(" + atom.left.to_string() + ", " + atom.right.to_string() + ")";
    case AtomKind::max: return "max(" + atom.left.to_string() + ", " + atom.right.to_string() + ")";
    case AtomKind::min: return "min(" + atom.left.to_string() + ", " + atom.right.to_string() + ")";
  }
  return {};
}

std::string monomial_key(const Monomial& monomial) {
  std::string key;
  for (const auto& atom : monomial.atoms) {
    if (!key.empty()) key += "*";
    key += atom_text(*atom);
  }
  return key;
}

void add_term(DimExpr& expr, Monomial monomial, std::int64_t coefficient) {
  if (coefficient == 0) return;
  std::string key = monomial_key(monomial);
  const auto found = expr.terms.find(key);
  if (found == expr.terms.end()) {
    expr.terms.emplace(std::move(key), std::pair{std::move(monomial), coefficient});
    return;
  }
  found->second.second = wrap_add(found->second.second, coefficient);
  if (found->second.second == 0) expr.terms.erase(found);
}

}  // namespace

/// Access to Dim's representation for the functions of this file.
struct DimAccess {
  static DimExpr open(const Dim& dim) {
    if (dim.expr_) return *dim.expr_;
    DimExpr expr;
    add_term(expr, {}, dim.value_);
    return expr;
  }
  static Dim close(DimExpr expr) {
    Dim out;
    if (expr.terms.empty()) return out;
    if (expr.terms.size() == 1 && expr.terms.begin()->first.empty()) {
      out.value_ = expr.terms.begin()->second.second;
      return out;
    }
    out.expr_ = std::make_shared<const DimExpr>(std::move(expr));
    return out;
  }
  static Dim atom(Atom atom) {
    Monomial monomial;
    monomial.atoms.push_back(std::make_shared<const Atom>(std::move(atom)));
    DimExpr expr;
    add_term(expr, std::move(monomial), 1);
    return close(std::move(expr));
  }
  static const DimExpr& expr(const Dim& dim) { return *dim.expr_; }
};

Dim Dim::symbol(std::string_view name) { return DimAccess::atom({AtomKind::symbol, std::string(name), {}, {}}); }

std::int64_t Dim::value() const {
  KEDGE_CHECK(known(), "value() of a symbolic dimension");
  return value_;
}

std::string Dim::to_string() const {
  if (known()) return std::to_string(value_);
  std::string out;
  std::int64_t constant = 0;
  for (const auto& [key, term] : expr_->terms) {
    if (key.empty()) {
      constant = term.second;
      continue;
    }
    if (!out.empty()) out += term.second < 0 ? " - " : " + ";
    const std::int64_t magnitude = out.empty() ? term.second : (term.second < 0 ? -term.second : term.second);
    if (magnitude == -1) {
      out += "-";
    } else if (magnitude != 1) {
      out += std::to_string(magnitude) + "*";
    }
    out += key;
  }
  if (constant != 0) out += (constant < 0 ? " - " : " + ") + std::to_string(constant < 0 ? -constant : constant);
  return out;
}

void Dim::collect_symbols(std::vector<std::string>& out) const {
  if (known()) return;
  for (const auto& [key, term] : expr_->terms) {
    for (const auto& atom : term.first.atoms) {
      if (atom->kind == AtomKind::symbol) {
        if (std::find(out.begin(), out.end(), atom->name) == out.end()) out.push_back(atom->name);
      } else {
        atom->left.collect_symbols(out);
        atom->right.collect_symbols(out);
      }
    }
  }
}

Dim Dim::substitute(const DimValues& values) const {
  if (known()) return *this;
  Dim sum;
  for (const auto& [key, term] : expr_->terms) {
    Dim product = term.second;
    for (const auto& atom : term.first.atoms) {
      switch (atom->kind) {
        case AtomKind::symbol: {
          const auto found = values.find(atom->name);
          product = product * (found == values.end() ? symbol(atom->name) : Dim(found->second));
          break;
        }
        case AtomKind::floordiv:
          product = product * floordiv(atom->left.substitute(values), atom->right.substitute(values));
          break;
        case AtomKind::mod:
          product = product * mod(atom->left.substitute(values), atom->right.substitute(values));
          break;
        case AtomKind::max:
          product = product * max(atom->left.substitute(values), atom->right.substitute(values));
          break;
        case AtomKind::min:
          product = product * min(atom->left.substitute(values), atom->right.substitute(values));
          break;
      }
    }
    sum = sum + product;
  }
  return sum;
}

bool operator==(const Dim& a, const Dim& b) {
  if (a.known() || b.known()) return a.known() && b.known() && a.value_ == b.value_;
  if (a.expr_ == b.expr_) return true;
  const auto& left = a.expr_->terms;
  const auto& right = b.expr_->terms;
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(), [](const auto& x, const auto& y) {
           return x.first == y.first && x.second.second == y.second.second;
         });
}

Dim operator+(const Dim& a, const Dim& b) {
  if (a.known() && b.known()) return wrap_add(a.value_, b.value_);
  DimExpr sum = DimAccess::open(a);
  for (const auto& [key, term] : DimAccess::open(b).terms) add_term(sum, term.first, term.second);
  return DimAccess::close(std::move(sum));
}

Dim operator-(const Dim& a, const Dim& b) { return a + Dim(-1) * b; }

Dim operator*(const Dim& a, const Dim& b) {
  if (a.known() && b.known()) return wrap_mul(a.value_, b.value_);
  const DimExpr left = DimAccess::open(a);
  const DimExpr right = DimAccess::open(b);
  DimExpr product;
  for (const auto& [key_a, x] : left.terms) {
    for (const auto& [key_b, y] : right.terms) {
      Monomial monomial = x.first;
      monomial.atoms.insert(monomial.atoms.end(), y.first.atoms.begin(), y.first.atoms.end());
      std::sort(monomial.atoms.begin(), monomial.atoms.end(),
                [](const auto& p, const auto& q) { return atom_text(*p) < atom_text(*q); });
      add_term(product, std::move(monomial), wrap_mul(x.second, y.second));
    }
  }
  return DimAccess::close(std::move(product));
}

namespace {

/// a / b when b divides every term of a exactly (a monomial divisor); nullopt otherwise.
std::optional<Dim> exact_quotient(const Dim& a, const Dim& b) {
  const DimExpr divisor = DimAccess::open(b);
  if (divisor.terms.size() != 1) return a == b ? std::optional<Dim>(Dim(1)) : std::nullopt;
  const auto& [monomial, coefficient] = divisor.terms.begin()->second;
  DimExpr quotient;
  for (const auto& [key, term] : DimAccess::open(a).terms) {
    if (term.second % coefficient != 0) return std::nullopt;
    Monomial rest = term.first;
    for (const auto& atom : monomial.atoms) {
      const auto found = std::find_if(rest.atoms.begin(), rest.atoms.end(),
                                      [&](const auto& x) { return atom_text(*x) == atom_text(*atom); });
      if (found == rest.atoms.end()) return std::nullopt;
      rest.atoms.erase(found);
    }
    add_term(quotient, std::move(rest), term.second / coefficient);
  }
  return DimAccess::close(std::move(quotient));
}

}  // namespace

Dim Dim::floordiv(const Dim& a, const Dim& b) {
  if (b.known() && b.value_ == 0)
    return 0;  // callers refuse a zero divisor with a place; this keeps the arithmetic total
  if (a.known() && b.known()) return floordiv_int(a.value_, b.value_);
  if (const std::optional<Dim> exact = exact_quotient(a, b)) return *exact;
  return DimAccess::atom({AtomKind::floordiv, {}, a, b});
}

Dim Dim::mod(const Dim& a, const Dim& b) {
  if (b.known() && b.value_ == 0) return 0;
  if (a.known() && b.known()) return a.value_ - floordiv_int(a.value_, b.value_) * b.value_;
  if (exact_quotient(a, b)) return 0;
  return DimAccess::atom({AtomKind::mod, {}, a, b});
}

Dim Dim::max(const Dim& a, const Dim& b) {
  const Dim difference = a - b;
  if (difference.known()) return difference.value_ >= 0 ? a : b;
  return DimAccess::atom({AtomKind::max, {}, a, b});
}

Dim Dim::min(const Dim& a, const Dim& b) {
  const Dim difference = a - b;
  if (difference.known()) return difference.value_ <= 0 ? a : b;
  return DimAccess::atom({AtomKind::min, {}, a, b});
}

namespace {

/// Recursive-descent reader of to_string's output.
class DimParser {
 public:
  explicit DimParser(std::string_view text) : text_(text) {}

  std::optional<Dim> whole() {
    std::optional<Dim> dim = sum();
    skip_space();
    if (position_ != text_.size()) return std::nullopt;
    return dim;
  }

 private:
  static constexpr int kDepthLimit = 50;

  void skip_space() {
    while (position_ < text_.size() && text_[position_] == ' ') ++position_;
  }
  bool eat(char c) {
    skip_space();
    if (position_ >= text_.size() || text_[position_] != c) return false;
    ++position_;
    return true;
  }
  std::optional<Dim> sum() {
    if (++depth_ > kDepthLimit) return std::nullopt;
    std::optional<Dim> total = eat('-') ? negated(product()) : product();
    while (total) {
      if (eat('+')) {
        const std::optional<Dim> next = product();
        if (!next) return std::nullopt;
        total = *total + *next;
      } else if (eat('-')) {
        const std::optional<Dim> next = product();
        if (!next) return std::nullopt;
        total = *total - *next;
      } else {
        break;
      }
    }
    --depth_;
    return total;
  }
  static std::optional<Dim> negated(std::optional<Dim> dim) {
    if (!dim) return dim;
    return Dim(0) - *dim;
  }
  std::optional<Dim> product() {
    std::optional<Dim> total = factor();
    while (total && eat('*')) {
      const std::optional<Dim> next = factor();
      if (!next) return std::nullopt;
      total = *total * *next;
    }
    return total;
  }
  static bool word_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '/' || c == ':';
  }
  std::optional<Dim> factor() {
    skip_space();
    const std::size_t begin = position_;
    while (position_ < text_.size() && word_char(text_[position_])) ++position_;
    const std::string_view word = text_.substr(begin, position_ - begin);
    if (word.empty()) return std::nullopt;
    if (word.find_first_not_of("0123456789") == std::string_view::npos) {
      std::int64_t value = 0;
      for (const char c : word) value = wrap_add(wrap_mul(value, 10), c - '0');
      return Dim(value);
    }
    if (!eat('(')) return Dim::symbol(word);
    const std::optional<Dim> left = sum();
    if (!left || !eat(',')) return std::nullopt;
    const std::optional<Dim> right = sum();
    if (!right || !eat(')')) return std::nullopt;
    if (word == "floordiv") return Dim::floordiv(*left, *right);
    if (word == "mod") return Dim::mod(*left, *right);
    if (word == "max") return Dim::max(*left, *right);
    if (word == "min") return Dim::min(*left, *right);
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  int depth_ = 0;
};

}  // namespace

std::optional<Dim> Dim::parse(std::string_view text) { return DimParser(text).whole(); }

std::optional<StaticShape> static_shape(const Shape& shape) {
  StaticShape out;
  for (const Dim& dim : shape) {
    if (!dim.known()) return std::nullopt;
    out.push_back(dim.value());
  }
  return out;
}

Shape to_shape(const StaticShape& shape) { return {shape.begin(), shape.end()}; }

std::string shape_to_string(const Shape& shape) {
  std::string out = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) out += ", ";
    out += shape[i].to_string();
  }
  return out + "]";
}

Dim element_count(const Shape& shape) {
  Dim count = 1;
  for (const Dim& dim : shape) count = count * dim;
  return count;
}

std::int64_t element_count(const StaticShape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t dim : shape) count = wrap_mul(count, dim);
  return count;
}

std::vector<std::int64_t> row_major_strides(const StaticShape& shape) {
  std::vector<std::int64_t> strides(shape.size());
  std::int64_t step = 1;
  for (std::size_t i = shape.size(); i-- > 0;) {
    strides[i] = step;
    step = wrap_mul(step, shape[i]);
  }
  return strides;
}

}  // namespace kedge
