import Platform
import Testing

@testable import Deployer
@testable import ktrdr

struct WatchPictureTests {
  private func picture(
    _ targets: [TargetStatus]?, width: Int = 80, height: Int? = 24, isLooking: Bool = false, said: String? = nil,
    isWide: Bool = false, colors: Bool = false, times: TimeStyle = .relative
  ) throws -> [String] {
    var appearance = Appearance(width: width, hasColors: colors, signs: .unicode, now: .distantFuture, times: times)
    appearance.utcOffset = { _ in 3600 }
    return WatchPicture(
      look: targets.map { StatusLook(targets: $0, at: someTime) }, targetCount: 3, interval: try WatchInterval("5"),
      isLooking: isLooking, said: said, isWide: isWide, appearance: appearance, height: height
    ).lines
  }

  @Test func `below the targets it says when it looked and how often, and ages are as of then`() throws {
    let shown = try picture(Array(several().prefix(3))).joined(separator: "\n")
    #expect(
      shown == """
        core       core.ktrdr.lab       1 of 6 needs you
          ✗ backend  sha-0bad0ba, should be sha-0992ae0 (#2, ana)  unhealthy, up 2m
          ✓ 5 in sync  db grafana jaeger mcp prometheus
          next: ktrdr rollback core backend --to 2
        workers-b  workers-b.ktrdr.lab  2 in sync, 3 commits behind HEAD
        workers-c  unreachable: refuses ssh connections
        3 targets, looked at 2026-11-28 13:00:00+01:00, every 5s
        """)
  }

  @Test func `the last line says what is waited for`() throws {
    let targets = [try several()[1]]
    func last(_ targets: [TargetStatus]?, _ isLooking: Bool, _ said: String?) throws -> String? {
      try picture(targets, isLooking: isLooking, said: said, times: .utc).last
    }
    #expect(try picture(nil) == ["looking at 3 targets"])
    #expect(try last(nil, true, "ssh to h says: \u{1B}touch") == #"looking at 3 targets: ssh to h says: \u{1b}touch"#)
    let done = "3 targets, looked at 2026-11-28 12:00:00Z, every 5s"
    #expect(try last(targets, false, nil) == done)
    #expect(try last(targets, true, nil) == "\(done), looking again")
    #expect(try last(targets, true, "it is busy") == "\(done), looking again: it is busy".cut(to: 79, mark: "…"))
  }

  @Test func `where the screen is too low, targets in sync are counted, then the end is left out`() throws {
    let targets = Array(try several().prefix(3))
    #expect(
      try picture(targets, height: 7).map { $0.prefix(20) } == [
        "core       core.ktrd", "  ✗ backend  sha-0ba", "  ✓ 5 in sync  db gr", "  next: ktrdr rollba",
        "… 2 more lines", "3 targets, looked at",
      ])
    var all = targets
    all += (1...9).map { _ in targets[1] }
    #expect(
      try picture(all, height: 8).map { $0.prefix(20) } == [
        "core       core.ktrd", "  ✗ backend  sha-0ba", "  ✓ 5 in sync  db gr", "  next: ktrdr rollba",
        "workers-c  unreachab", "… 10 more in sync", "3 targets, looked at",
      ])
    #expect(try picture(all, height: nil).count == 16)
  }

  @Test(arguments: [1, 2, 3, 5, 12, 24], [1, 7, 40, 80, 120])
  func `no picture is higher or wider than the terminal, with or without colours`(height: Int, width: Int) throws {
    for isWide in [true, false] {
      let plain = try picture(several(), width: width, height: height, isWide: isWide)
      #expect(plain.count <= max(1, height - 1))
      #expect(plain.allSatisfy { $0.displayWidth <= max(1, width - 1) }, "\(plain)")
      let bright = try picture(several(), width: width, height: height, isWide: isWide, colors: true)
      #expect(bright.map(\.unpainted) == plain)
    }
  }

  @Test func `the last picture is whole: a command can be copied`() throws {
    let shown = try picture(several(), width: 40, height: nil)
    #expect(shown.contains("  next: ktrdr rollback gpu training-worker-gpu-of-the-second-generation --to 2"))
  }

  @Test(
    arguments: [
      ("a\u{1B}[31mbcd\u{1B}[0m", 4, "a\u{1B}[31mbcd\u{1B}[0m"),
      ("a\u{1B}[31mbcd\u{1B}[0m", 3, "a\u{1B}[31mb…\u{1B}[0m"),
      ("\u{1B}[1mab\u{1B}[0mcd", 2, "\u{1B}[1ma…\u{1B}[0m"), ("\u{1B}[1mab\u{1B}[0mcd", 3, "\u{1B}[1mab\u{1B}[0m…"),
      ("漢\u{1B}[1m字\u{1B}[0m", 3, "漢\u{1B}[1m…\u{1B}[0m"), ("abc", 0, ""), ("abc", 1, "…"), ("", 0, ""),
      ("\u{1B}]8;;https://x/\u{1B}\\sha\u{1B}]8;;\u{1B}\\1", 3, "\u{1B}]8;;https://x/\u{1B}\\sh…\u{1B}]8;;\u{1B}\\"),
    ])
  func `a painted line is cut like its text, and what ends a colour stays`(line: String, width: Int, cut: String) {
    #expect(line.cutPainted(to: width, mark: "…") == cut)
  }
}
