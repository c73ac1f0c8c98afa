import Testing

@testable import ktrdr

struct LiveScreenTests {
  /// What a terminal shows after these changes, and where its cursor is.
  private func shown(
    columns: Int = 20, rows: Int = 6, _ change: (inout LiveScreen, inout ScreenModel) -> Void
  ) -> ([String], cursor: Int) {
    var (screen, model) = (LiveScreen(), ScreenModel(columns: columns, rows: rows))
    model.feed(Array("$ ktrdr deploy\n".utf8))
    change(&screen, &model)
    return (model.lines, model.cursorRow)
  }

  @Test func `a picture takes the place of the one before, and lines stay above it`() {
    let (lines, cursor) = shown { screen, model in
      model.feed(Array(screen.show(["core pull", "b waiting"]).utf8))
      model.feed(Array(screen.show(["core up"], below: "warning: mind the gap, it is wide\nnote\n").utf8))
      model.feed(Array(screen.show(["core health", "b up"]).utf8))
    }
    #expect(lines == ["$ ktrdr deploy", "warning: mind the ga", "p, it is wide", "note", "core health", "b up"])
    #expect(cursor == 4)
  }

  @Test func `the last picture stays, and the cursor is below it`() {
    let (lines, cursor) = shown { screen, model in
      model.feed(Array(screen.show(["core up", "b up"]).utf8))
      model.feed(Array(screen.leave(["core ok", "b ok", "c ok"], below: "note\n").utf8))
      model.feed(Array(screen.show([], below: "succeeded\n").utf8))
    }
    #expect(lines == ["$ ktrdr deploy", "note", "core ok", "b ok", "c ok", "succeeded"])
    #expect(cursor == 6)
  }

  @Test func `without a picture only the lines are written, so that what another program wrote stays`() {
    let (lines, _) = shown { screen, model in
      model.feed(Array(screen.show(["core up", "b up"]).utf8))
      model.feed(Array(screen.show([]).utf8))
      model.feed(Array("Password: ".utf8))
      let texts = [screen.show([]), screen.show([], below: "note\n")]
      #expect(texts == ["", "note\n"])
    }
    #expect(lines == ["$ ktrdr deploy", "Password:"])
  }

  @Test func `a picture at the end of the screen scrolls what is above it, once`() {
    let (lines, _) = shown(rows: 3) { screen, model in
      for round in 0..<5 { model.feed(Array(screen.show(["a\(round)", "b\(round)"]).utf8)) }
      model.feed(Array(screen.show(["a", "b"], below: "1\n2\n3\n").utf8))
    }
    #expect(lines == ["$ ktrdr deploy", "1", "2", "3", "a", "b"])
  }

  @Test(arguments: [true, false], [4, 7, 12, 40])
  func `a terminal that is resized shows the picture once, whether it breaks lines anew or cuts them`(
    reflows: Bool, columns: Int
  ) {
    var (screen, model) = (LiveScreen(), ScreenModel(columns: 20, rows: 8, reflows: reflows))
    model.feed(Array("$ x\n".utf8))
    model.feed(Array(screen.show(["core pull 漢字 12s", "workers-b pull 12s", "c"], below: "one\n").utf8))
    model.resize(columns: columns, rows: 8)
    model.feed(Array(screen.show(["cor", "wor", "c"]).utf8))
    model.resize(columns: 30, rows: 8)
    model.feed(Array(screen.leave(["core ok", "workers-b ok", "c ok"]).utf8))
    #expect(model.lines == ["$ x", "one", "core ok", "workers-b ok", "c ok"])
  }
}
