/// Compose reports how far each layer has come. That shows that a pull goes on, and is worth no line in a record.
enum PullProgress {
  private static let words = [
    "Pulling fs layer", "Waiting", "Downloading", "Verifying Checksum", "Download complete", "Extracting",
    "Pull complete",
    "Already exists",
  ]

  /// Whether `line` tells of one layer, as ` 7a7247b2df57 Downloading [===>   ]  14.48MB/60.02MB`.
  static func isOne(_ line: String) -> Bool {
    let parts = line.split(separator: " ", maxSplits: 1)
    guard line.hasPrefix(" "), parts.count == 2, parts[0].count == 12, parts[0].allSatisfy(\.isHexDigit) else {
      return false
    }
    return words.contains(where: parts[1].hasPrefix)
  }
}
