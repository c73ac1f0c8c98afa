import Deployer
import Ledger
import Platform

/// A part of a line that leads somewhere in a browser.
struct TextLink: Sendable, Equatable {
  /// The part, before it is made safe for a terminal.
  var text: String
  var link: Link
}

extension Appearance {
  /// `text` as a link to a commit; `nil` where there is none.
  func link(_ text: String?, toCommit sha: String?) -> TextLink? {
    guard let text, let sha else { return nil }
    return links.link(toCommit: sha).map { TextLink(text: text, link: $0) }
  }

  /// `text` as a link to an image.
  func link(_ text: String?, to image: ImageIdentity?) -> TextLink? {
    guard let text, let image else { return nil }
    return links.link(to: image).map { TextLink(text: text, link: $0) }
  }

  /// A line that is safe for a terminal, with its links: each where its part stands whole for the last time. They take no room.
  func linked(_ shown: String, _ links: [TextLink?]) -> String {
    let places = links.compactMap(\.self).compactMap { link -> (range: Range<String.Index>, link: Link)? in
      let part = link.text.escapedForPeople()
      guard !part.isEmpty, let range = shown.ranges(of: part).last else { return nil }
      return (range, link.link)
    }
    var (line, end) = ("", shown.startIndex)
    for (range, link) in places.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) where range.lowerBound >= end
    {
      line += shown[end..<range.lowerBound] + Self.leading(to: link.address) + shown[range] + Self.leading(to: "")
      end = range.upperBound
    }
    return line + shown[end...]
  }

  /// What follows leads there, or nowhere if the address is empty: OSC 8, ended by ST, as terminals have agreed on in
  /// https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda
  private static func leading(to address: String) -> String { "\u{1B}]8;;\(address)\u{1B}\\" }
}
