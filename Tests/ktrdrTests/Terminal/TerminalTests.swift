import Platform
import Testing

@testable import ktrdr

struct TerminalTests {
  @Test(
    arguments: [
      (ColorChoice.auto, true, [:], true), (.auto, false, [:], false), (.auto, true, ["TERM": "dumb"], false),
      (.auto, true, ["NO_COLOR": "1"], false), (.auto, true, ["NO_COLOR": ""], true),
      (.auto, false, ["CLICOLOR_FORCE": "1"], true), (.auto, false, ["CLICOLOR_FORCE": "0"], false),
      (.auto, false, ["CLICOLOR_FORCE": ""], false), (.auto, true, ["CLICOLOR_FORCE": "1", "TERM": "dumb"], true),
      (.auto, true, ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false), (.always, false, ["NO_COLOR": "1"], true),
      (.always, true, ["TERM": "dumb"], true), (.never, true, ["CLICOLOR_FORCE": "1"], false),
    ] as [(ColorChoice, Bool, [String: String], Bool)])
  func `the option decides about colours, then the environment, then the terminal`(
    choice: ColorChoice, isTerminal: Bool, environment: [String: String], hasColors: Bool
  ) {
    #expect(Terminal.hasColors(choice, isTerminal: isTerminal, environment) == hasColors)
  }

  @Test(
    arguments: [
      ([:], false), (["LANG": "C"], false), (["LANG": "en_US.UTF-8"], true), (["LANG": "de_CH.utf8"], true),
      (["LC_CTYPE": "UTF-8"], true), (["LC_ALL": "C", "LANG": "en_US.UTF-8"], false),
      (["LC_ALL": "", "LANG": "C.UTF-8"], true), (["LC_CTYPE": "en_US.ISO-8859-1", "LANG": "en_US.UTF-8"], false),
      (["LC_ALL": "ja_JP.UTF-8", "LC_CTYPE": "C"], true),
    ] as [([String: String], Bool)])
  func `the first of LC_ALL, LC_CTYPE and LANG that is set says whether text is UTF-8`(
    environment: [String: String], isUTF8: Bool
  ) {
    #expect(Terminal.isUTF8(environment) == isUTF8)
  }

  @Test(
    arguments: [
      (120, [:], 120), (120, ["COLUMNS": "60"], 120), (0, ["COLUMNS": "60"], 60), (nil, ["COLUMNS": "60"], 60),
      (nil, [:], 80), (0, ["COLUMNS": "wide"], 80), (nil, ["COLUMNS": "-1"], 80),
    ] as [(Int?, [String: String], Int)])
  func `the terminal says how wide it is, else COLUMNS, else it is 80`(
    reported: Int?, environment: [String: String], width: Int
  ) {
    #expect(Terminal.width(reported: reported, environment) == width)
  }

  @Test func `a file is no terminal: it has no width, and its times last`() {
    let file = open("/dev/null", O_WRONLY)
    defer { close(file) }
    let appearance = Terminal(descriptor: file, environment: ["LANG": "C.UTF-8"]).appearance(colors: .auto)
    #expect(appearance.width == nil && !appearance.isTerminal && !appearance.hasColors)
    #expect(appearance.times == .utc && appearance.signs == .unicode)
  }

  @Test func `every sign is one column wide, and no two outcomes share one`() {
    for signs in [Signs.unicode, .ascii] {
      let outcomes = [
        signs.succeeded, signs.failed, signs.cancelled, signs.interrupted, signs.unknown, signs.running,
      ]
      #expect(Set(outcomes).count == outcomes.count)
      #expect((outcomes + [signs.attention, signs.current]).allSatisfy { $0.displayWidth == 1 })
    }
    let ascii = Signs.ascii
    let all = [ascii.current, ascii.deployedTo, ascii.rolledBackTo, ascii.undoes, ascii.ellipsis]
    #expect(all.joined().utf8.allSatisfy { $0 < 0x80 })
  }
}

struct TimeTextTests {
  private static let now = Date(timeIntervalSince1970: 1_795_867_200)

  @Test(
    arguments: [
      (0, "now"), (0.4, "now"), (-4, "now"), (1, "1s ago"), (59, "59s ago"), (60, "1m ago"), (3599, "59m ago"),
      (3600, "1h ago"), (86_399, "23h ago"), (86_400, "1d ago"), (13 * 86_400, "13d ago"), (14 * 86_400, "2w ago"),
      (55 * 86_400, "7w ago"), (56 * 86_400, "2026-10-03"), (-60, "2026-11-28 12:01:00Z"),
    ] as [(Double, String)])
  func `a relative time has the largest unit that fits; what is old has its day`(seconds: Double, text: String) {
    #expect(TimeText.relative(Self.now.addingTimeInterval(-seconds), to: Self.now) == text)
  }

  @Test(arguments: [
    (TimeStyle.relative, "2h ago", "2h ago"), (.utc, "2026-11-28 10:00:00Z", "2026-11-28T10:00:00.000Z"),
    (.local, "2026-11-28 15:30:00+05:30", "2026-11-28T15:30:00.000+05:30"),
  ])
  func `each style has a form for people and one for programs`(style: TimeStyle, people: String, programs: String) {
    var appearance = Appearance(now: Self.now, times: style)
    appearance.utcOffset = { _ in 19_800 }
    let date = Self.now.addingTimeInterval(-7200)
    #expect(TimeText.of(date, in: appearance) == people)
    #expect(TimeText.exact(date, in: appearance) == programs)
  }

  @Test func `west of Greenwich the offset is negative`() {
    #expect(TimeText.short(Self.now, offset: -12_600) == "2026-11-28 08:30:00-03:30")
  }

  @Test(
    arguments: [
      (0, "0.0s"), (1449, "1.4s"), (59_999, "59.9s"), (60_000, "1m00s"), (125_300, "2m05s"), (3_600_000, "1h00m"),
      (90_000_000, "25h00m"),
    ] as [(Int64, String)])
  func `a duration has two units at most`(milliseconds: Int64, text: String) {
    #expect(TimeText.took(milliseconds) == text)
  }
}
