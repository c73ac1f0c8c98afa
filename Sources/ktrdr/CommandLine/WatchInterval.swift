import ArgumentParser

/// How long `status --watch` waits between two looks.
///
/// The number after `--watch` may be left out, and the argument parser knows no such option: it is filled in before the words
/// are parsed.
struct WatchInterval: Equatable, Sendable {
  static let standard = WatchInterval(seconds: 5)
  /// A day.
  private static let most = 86_400

  let seconds: Int

  private init(seconds: Int) { self.seconds = seconds }

  init(_ text: String) throws {
    guard Self.isNumber(text), let seconds = Int(text), (1...Self.most).contains(seconds) else {
      throw ValidationError("must be between 1 and \(Self.most) seconds")
    }
    self.seconds = seconds
  }

  /// The words of `status`, with the usual number where `--watch` has none. Only digits right after it are its number: any
  /// other word is a target. A target whose name is a number goes before `--watch`.
  static func filledIn(_ words: [String]) -> [String] {
    let options = words.prefix { $0 != "--" }
    let filled = options.indices.map { index in
      let isBare = words[index] == "--watch" && !(index + 1 < options.endIndex && isNumber(words[index + 1]))
      return isBare ? "--watch=\(standard.seconds)" : words[index]
    }
    return filled + words[options.endIndex...]
  }

  private static func isNumber(_ word: String) -> Bool {
    !word.isEmpty && word.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
