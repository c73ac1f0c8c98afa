import Platform
import TestSupport
import Testing

struct LedgerFaultTests {
  /// The top of the checkout, three steps above this file.
  private static let checkout = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()

  /// The scripts of `make faults` on fewer faults. They check their own controls.
  @Test(
    arguments: [
      ("kill.py", "12"), ("powercut.py", "15"), ("iofaults.py", "32"), ("fulldisk.py", nil), ("network.py", nil),
      ("flips.py", "331"),
    ] as [(String, String?)])
  func `a fault loses and doubles nothing`(_ script: String, _ count: String?) async throws {
    var environment = ProcessInfo.processInfo.environment
    environment["LEDGER_TOOLS"] = URL(filePath: KtrdrBinary.path).deletingLastPathComponent().path
    environment["LLVM_PROFILE_FILE"] = "/dev/null"
    let result = try await Programs.run(
      "python3", ["\(Self.checkout)/Tests/faults/\(script)"] + (count.map { [$0] } ?? []), environment: environment)
    #expect(result.status == 0, "\(result.output)\(result.error)")
    #expect(result.output.split(whereSeparator: \.isNewline).last?.hasSuffix(", 0 failures") == true)
  }
}
