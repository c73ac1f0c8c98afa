import Platform

/// A column of a ``Table``, and what becomes of it where there is not enough room.
struct Column: Sendable {
  enum Fit: Sendable, Equatable {
    /// Always there. Its cells may have shorter forms, and the shortest is never cut.
    case whole
    /// Left out where it does not fit. The lowest rank goes first.
    case dropped(rank: Int)
    /// Cut, but to no less than `least` columns; then left out, like the others.
    case cut(least: Int, rank: Int)

    var rank: Int? {
      switch self {
      case .whole: nil
      case .dropped(let rank), .cut(_, let rank): rank
      }
    }
  }

  var title: String
  var fit = Fit.whole
  var isRightAligned = false
  /// The columns of space before it, unless it is the first.
  var gap = 2
}

/// One cell of a ``Table``.
struct Cell: Sendable, Equatable, ExpressibleByStringInterpolation {
  /// The same content, the longest form first. Never empty.
  let forms: [String]
  /// The columns that each form takes.
  private let widths: [Int]
  var color: Color?
  let links: [TextLink]

  /// Makes each form safe for a terminal, so that no caller can forget it. `links` are parts of it, where there are any.
  init(forms: [String], _ color: Color? = nil, links: [TextLink?] = []) {
    self.forms = forms.isEmpty ? [""] : forms.map { $0.escapedForPeople() }
    widths = self.forms.map(\.displayWidth)
    self.color = color
    self.links = links.compactMap(\.self)
  }

  init(_ text: String, _ color: Color? = nil, links: [TextLink?] = []) {
    self.init(forms: [text], color, links: links)
  }

  init(stringLiteral text: String) { self.init(text) }

  var widest: Int { widths.max() ?? 0 }
  var narrowest: Int { widths.min() ?? 0 }

  /// The longest form that fits, or else the shortest, with the columns that it takes.
  func form(in room: Int) -> (text: String, width: Int) {
    let all = zip(forms, widths)
    return all.first { $1 <= room } ?? all.min { $0.1 < $1.1 } ?? ("", 0)
  }
}
