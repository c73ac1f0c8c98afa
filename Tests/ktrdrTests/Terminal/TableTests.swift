import Platform
import Testing

@testable import ktrdr

struct TableTests {
  private static let columns = [
    Column(title: "#", isRightAligned: true), Column(title: "TARGET"), Column(title: "BY", fit: .dropped(rank: 1)),
    Column(title: "REASON", fit: .cut(least: 8, rank: 2)), Column(title: "TOOK", fit: .dropped(rank: 0)),
  ]
  private static let table = Table(
    columns: columns,
    rows: [
      ["7", "core", "ana", Cell("unhealthy: exited with 1", .red), "1.4s"],
      ["12", Cell(forms: ["工人-b and more", "工人-b"]), "ci", "", "2.0s"],
    ])

  private func plain(_ width: Int?) -> [String] {
    Self.table.lines(width: width, in: Appearance(signs: .unicode, now: Date()))
  }

  @Test func `with room for everything, everything is there`() {
    #expect(
      plain(nil) == [
        " #  TARGET           BY   REASON                    TOOK",
        " 7  core             ana  unhealthy: exited with 1  1.4s",
        "12  工人-b and more  ci                             2.0s",
      ])
    #expect(plain(200) == plain(nil))
  }

  @Test(arguments: [
    (56, " 7  core             ana  unhealthy: exited with 1  1.4s"),
    (55, " 7  core    ana  unhealthy: exited with 1  1.4s"), (47, " 7  core    ana  unhealthy: exited with 1  1.4s"),
    (38, " 7  core    ana  unhealthy: exi…  1.4s"), (31, " 7  core    ana  unhealt…  1.4s"),
  ])
  func `what can be cut is cut first, and the forms get shorter`(width: Int, row: String) {
    let lines = plain(width)
    #expect(lines[1] == row)
    #expect(lines.allSatisfy { $0.displayWidth <= width }, "\(lines)")
    #expect(lines[2].hasPrefix(width == 56 ? "12  工人-b and more  ci" : "12  工人-b  ci "))
  }

  @Test func `then whole columns are left out, the least important first`() {
    let titles = [30, 25, 24, 20, 19, 10].map { plain($0)[0].split(separator: " ").joined(separator: " ") }
    #expect(
      titles == [
        "# TARGET BY REASON", "# TARGET BY REASON", "# TARGET REASON", "# TARGET REASON", "# TARGET", "# TARGET",
      ])
  }

  @Test(arguments: [9, 1, 0])
  func `what identifies a row is never cut, however narrow the terminal is`(width: Int) {
    #expect(plain(width) == [" #  TARGET", " 7  core", "12  工人-b"])
  }

  @Test(arguments: [nil, 56, 38, 20, 9])
  func `colours change no column, and no line ends with a space`(width: Int?) {
    var bright = Appearance(signs: .unicode, now: Date())
    bright.hasColors = true
    let lines = Self.table.lines(width: width, in: bright)
    #expect(lines.map { $0.replacing(/\u{1B}\[[0-9]+m/, with: "") } == plain(width))
    #expect(lines[0].hasPrefix(" \u{1B}[1m#\u{1B}[0m"))
    #expect(plain(width).allSatisfy { !$0.hasSuffix(" ") })
  }

  @Test func `a cell is one line, whatever is in it`() {
    let table = Table(header: ["ID", "OPERATOR"], rows: [["1", "ada\r\n2   eve\u{202E}"], ["3", "a\tb"]])
    #expect(
      table.lines(width: nil, in: Appearance(now: Date())) == [
        "ID  OPERATOR", #"1   ada\u{d}\u{a}2   eve\u{202e}"#, #"3   a\u{9}b"#,
      ])
    #expect(TabSeparated.text(["ID", "OPERATOR"], [["1", "a\tb\nc"]]) == "ID\tOPERATOR\n1\t\(#"a\u{9}b\u{a}c"#)")
  }
}
