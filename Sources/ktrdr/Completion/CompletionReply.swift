import Platform

/// Candidates as a shell's script reads them, one per line.
struct CompletionReply {
  /// Stands for the name of any file. No candidate is called that.
  static let path = "/"

  var shell: Completion.Shell
  /// What is typed of the word, and what precedes it in the same word.
  var current: String
  var lead: String

  func lines(_ candidates: [Candidate]) -> [String] {
    // A ledger can be anybody's, and a shell runs what it finds in a word.
    let harmless = candidates.filter { $0.word.utf8.allSatisfy(Self.isHarmless) }
    return switch shell {
    // bash shows no notes, and compares nothing itself. It completes from the last colon on.
    case .bash:
      harmless.filter { $0.word.hasPrefix(current) }.map { String($0.word.dropFirst(BashWords.kept(current))) }
    // zsh and fish have ways of their own to compare.
    case .zsh: harmless.map { $0.word + note($0) }
    case .fish: harmless.map { lead + $0.word + note($0) }
    }
  }

  private func note(_ candidate: Candidate) -> String {
    candidate.note.map { "\t" + $0.escapedForPeople() } ?? ""
  }

  private static func isHarmless(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "@%+=:,./_-".utf8.contains(byte)
    }
  }
}

/// What bash makes of words: it cuts them at `=` and `:` and leaves quotes in.
enum BashWords {
  private static let cuts: Set<Character> = ["=", ":"]

  /// The words as they were typed.
  static func joined(_ words: [String]) -> [String] {
    var found: [String] = []
    var continues = false
    for word in words {
      let isCut = !word.isEmpty && word.allSatisfy(cuts.contains)
      let plain = word.filter { !"'\"\\".contains($0) }
      if let last = found.last, isCut || (continues && !word.isEmpty) {
        found[found.count - 1] = last + plain
      } else {
        found.append(plain)
      }
      continues = isCut
    }
    return found
  }

  /// How many characters of an unfinished word bash keeps.
  static func kept(_ word: String) -> Int {
    word.lastIndex(of: ":").map { word.distance(from: word.startIndex, to: $0) + 1 } ?? 0
  }
}
