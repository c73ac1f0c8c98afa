import Platform
import TestSupport
import Testing

@testable import ktrdr

struct SampleTests {
  @Test func `a sample is drawn again by its seed, and another seed draws another`() {
    let numbers = Array(Int64(1)...500)
    let sample = Sample.draw(10, from: numbers, seed: "2026")
    #expect(sample == Sample.draw(10, from: numbers.reversed(), seed: "2026"))
    #expect(sample != Sample.draw(10, from: numbers, seed: "2027"))
    #expect(Set(sample).count == 10 && Set(sample).isSubset(of: numbers))
    #expect(Array(Sample.draw(40, from: numbers, seed: "2026").prefix(10)) == sample)
  }

  @Test func `a sample that is larger than the population is all of it`() {
    #expect(Sample.draw(9, from: [3, 1, 2], seed: "x").sorted() == [1, 2, 3])
    #expect(Sample.draw(0, from: [1], seed: "x").isEmpty && Sample.draw(5, from: [], seed: "x").isEmpty)
  }

  @Test(arguments: ["2026", "dice: 3 1 6 6 2", "été 'quoted' \"twice\"", "0"])
  func `the lines of docs/figures.md draw the same sample`(seed: String) async throws {
    let numbers = Array(Int64(3)...300)
    let json = String(decoding: try JSONEncoder().encode(numbers), as: UTF8.self)
    let program =
      try FiguresDocument().python() + "\nimport json, sys\nprint(sample(json.loads(sys.argv[1]), 25, sys.argv[2]))"
    let environment = plainEnvironment.merging(["PYTHONUTF8": "1"]) { $1 }
    let result = try await Programs.run("python3", ["-c", program, json, seed], environment: environment)
    let expected = Sample.draw(25, from: numbers, seed: seed).map { "\($0)" }.joined(separator: ", ")
    #expect(result.output == "[\(expected)]\n", "\(result.error)")
  }

  @Test(arguments: ["2026", "dice: 3 1 6", "a'b \"c\" $HOME `x`"])
  func `the shell's lines on the page draw the same sample`(seed: String) async throws {
    let place = try TestDirectory()
    try place.write((1...40).map { "\($0)\n" }.joined(), to: "numbers")
    let deployments = [recorded(1, ["web"], nil)]
    let sample = ReportedDeployments.Sample(
      seed: seed, size: 7, deployments: [.init(deployment: deployments[0], steps: [], images: [])])
    let page = ReportPage(.of(deployments, sample: sample)).html.readable
    let lines = try #require(page.firstMatch(of: /for number in (?:.|\n)*print \$3}'/))
    let result = try await Programs.run(
      "sh", ["-c", String(lines.output)], environment: plainEnvironment, in: place.path)
    let expected = Sample.draw(7, from: Array(1...40), seed: seed).map { "\($0)\n" }.joined()
    #expect(result.output == expected, "\(result.error)")
  }

  @Test(arguments: ["", "a\nb", "\u{202E}1", String(repeating: "1", count: 101)])
  func `a seed has to be printable`(seed: String) {
    #expect(Sample.problem(withSeed: seed) != nil)
    #expect(Sample.problem(withSeed: "2026-11-28 dice 4") == nil)
  }
}
