/// How much of the layers that have to be fetched is on the host, in bytes as Docker rounds them. Both figures grow: a layer
/// counts from when its size is known.
public struct PullBytes: Sendable, Equatable {
  public var fetched: Int64
  public var total: Int64

  public init(fetched: Int64, total: Int64) {
    self.fetched = fetched
    self.total = total
  }
}

/// Compose reports how far each layer has come. That shows that a pull goes on, and is worth no line in a record.
struct PullProgress {
  private static let loading = "Downloading"
  private static let loaded = ["Verifying Checksum", "Download complete", "Extracting", "Pull complete"]
  private static let words = ["Pulling fs layer", "Waiting", loading] + loaded + ["Already exists"]

  /// More layers than any images have. A host that reports ever more must not fill memory.
  private static let layerLimit = 10_000

  private var layers: [String: PullBytes] = [:]
  /// What the layers come to; `nil` as long as no size is known.
  private(set) var bytes: PullBytes?

  /// Takes what `line` tells of one layer, as ` 7a7247b2df57 Downloading [===>   ]  14.48MB/60.02MB`. Returns whether it is
  /// such a line.
  mutating func take(_ line: String) -> Bool {
    let parts = line.split(separator: " ", maxSplits: 1)
    guard line.hasPrefix(" "), parts.count == 2, parts[0].count == 12, parts[0].allSatisfy(\.isHexDigit) else {
      return false
    }
    guard let word = Self.words.first(where: parts[1].hasPrefix) else { return false }
    let layer = String(parts[0])
    if word == Self.loading, let bytes = Self.bytes(parts[1].dropFirst(word.count)) {
      set(layer, bytes)
    } else if Self.loaded.contains(word), let total = layers[layer]?.total {
      set(layer, PullBytes(fetched: total, total: total))
    }
    return true
  }

  private mutating func set(_ layer: String, _ new: PullBytes) {
    guard layers[layer] != nil || layers.count < Self.layerLimit else { return }
    let old = layers.updateValue(new, forKey: layer) ?? PullBytes(fetched: 0, total: 0)
    let sum = bytes ?? PullBytes(fetched: 0, total: 0)
    bytes = PullBytes(fetched: sum.fetched + new.fetched - old.fetched, total: sum.total + new.total - old.total)
  }

  /// What follows the word: `[===>   ]  14.48MB/60.02MB`. Docker pads both figures with spaces, and leaves out a size that it
  /// does not know.
  private static func bytes(_ text: Substring) -> PullBytes? {
    let figures = (text.split(separator: "]").last ?? text).split(separator: "/").map { size($0.filter { $0 != " " }) }
    guard figures.count == 2, let fetched = figures[0], let total = figures[1], total > 0 else { return nil }
    return PullBytes(fetched: min(fetched, total), total: total)
  }

  /// `1.049kB` in bytes. Docker counts in thousands. Above any layer's size it is no figure: the sum must not overflow.
  private static func size(_ text: Substring) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
    let units = ["B", "kB", "MB", "GB"]
    guard let number = Double(digits), let power = units.firstIndex(of: String(text.dropFirst(digits.count))),
      number < 10_000
    else { return nil }
    return Int64((0..<power).reduce(number) { size, _ in size * 1000 })
  }
}
