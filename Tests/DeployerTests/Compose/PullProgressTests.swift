import Testing

@testable import Deployer

struct PullProgressTests {
  private func bytes(_ lines: [String]) -> PullBytes? {
    var progress = PullProgress()
    #expect(lines.filter { !progress.take($0) } == [])
    return progress.bytes
  }

  @Test(
    arguments: [
      ([" 7a7247b2df57 Pulling fs layer", " 7a7247b2df57 Waiting"], nil),
      ([" 7a7247b2df57 Downloading [===>    ]  14.48MB/60.02MB"], PullBytes(fetched: 14_480_000, total: 60_020_000)),
      ([" 7a7247b2df57 Downloading [>       ]     512B/1.049kB"], PullBytes(fetched: 512, total: 1049)),
      ([" 7a7247b2df57 Downloading  14.48MB/1.2GB"], PullBytes(fetched: 14_480_000, total: 1_200_000_000)),
      // Docker does not always know a size, and another host may say anything.
      ([" 7a7247b2df57 Downloading  14.48MB"], nil), ([" 7a7247b2df57 Downloading 1e9TB/2TB"], nil),
      ([" 7a7247b2df57 Downloading 9999999TB/9999999TB"], nil), ([" 7a7247b2df57 Downloading 3MB/0B"], nil),
      ([" 7a7247b2df57 Downloading 3MB/2MB"], PullBytes(fetched: 2_000_000, total: 2_000_000)),
      ([" 7a7247b2df57 Download complete", " aaaaaaaaaaaa Already exists"], nil),
      (
        [" 7a7247b2df57 Downloading 1MB/2MB", " aaaaaaaaaaaa Downloading 1MB/4MB", " 7a7247b2df57 Download complete"],
        PullBytes(fetched: 3_000_000, total: 6_000_000)
      ),
      (
        [" 7a7247b2df57 Downloading 1MB/2MB", " 7a7247b2df57 Extracting [=> ] 65kB/2MB"],
        PullBytes(fetched: 2_000_000, total: 2_000_000)
      ),
    ] as [([String], PullBytes?)])
  func `the layers add up, as far as their sizes are known`(lines: [String], sum: PullBytes?) {
    #expect(bytes(lines) == sum)
  }

  @Test(arguments: [
    "backend Pulling", "7a7247b2df57 Downloading 1MB/2MB", " 7a7247b2df5 Waiting", " 7a7247b2df57 Dancing", "",
  ])
  func `any other line is output`(line: String) {
    var progress = PullProgress()
    let isTaken = progress.take(line)
    #expect(!isTaken)
  }

  @Test func `a host that reports ever more layers fills no memory, however large they are`() {
    let lines = (0..<12_000).map { number in
      let digits = String(number, radix: 16)
      return " " + String(repeating: "0", count: 12 - digits.count) + digits + " Downloading 9999GB/9999GB"
    }
    #expect(bytes(lines)?.total == 99_990_000_000_000_000)
  }
}
