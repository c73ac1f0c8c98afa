import Deployer
import Dispatch
import Ledger
import Platform
import TestSupport
import Testing

@testable import ktrdr

/// The display on a real pseudo-terminal.
struct LiveDisplayTests {
  private static let environment = ["TERM": "xterm", "LANG": "C.UTF-8"]

  private func display(_ names: [String], on terminal: OpenTerminal) -> LiveDisplay {
    let ours = Terminal(descriptor: terminal.descriptor, environment: Self.environment)
    return LiveDisplay(targets: names, on: ours, ours.appearance(colors: .never))
  }

  @Test func `a note in between goes above the picture, and in the end each line is there once`() async throws {
    let terminal = try OpenTerminal(columns: 80, rows: 24)
    let display = display(["core", "workers-b"], on: terminal)
    let console = Console(usesColor: false, isQuiet: false, isVerbose: false, live: display)
    display.take(.stepBegan(.pull), of: "core")
    _ = await terminal.screen(showing: "core       pull ")
    console.warning("mind the gap")
    console.note("and the note")
    display.take(.stepEnded(.pull, status: 0, milliseconds: 100), of: "core")
    _ = await terminal.screen(showing: "pull ✓ 0.1s")
    display.end("core", ended(.succeeded))
    display.end("workers-b", ended(.failed, "why"))
    display.finish()
    let model = await terminal.screen(showing: "why")
    #expect(
      model.lines == [
        "warning: mind the gap", "and the note", "core       pull ✓ 0.1s  succeeded", "workers-b  failed: why",
      ])
    #expect(model.cursorRow == 4)
    #expect(!String(decoding: terminal.bytes, as: UTF8.self).contains("\u{1B}[?"))
    #expect(!display.write("later\n"))
  }

  @Test func `each picture has the size that the terminal has then`() async throws {
    let terminal = try OpenTerminal(columns: 80, rows: 24)
    let display = display((0..<6).map { "target-\($0)" }, on: terminal)
    display.take(.checking(host: "a-host-with-a-long-name.example.org"), of: "target-5")
    let wide = await terminal.screen(showing: "name.example.org ⠙")
    #expect(wide.lines.count == 6)
    let lines = ["target-0  waiting", "target-5  checking a-h…", "… 4 more: 4 waiting"]
    let model = await terminal.screen(resizedTo: 24, 4, then: 400, between: { display.queue.sync(execute: $0) }) {
      $0.lines == lines
    }
    #expect(model.lines == lines)
    display.finish()
  }

  @Test func `a terminal that stands still holds up nobody, and gets the newest picture in the end`() async throws {
    let terminal = try OpenTerminal(columns: 80, rows: 24)
    let display = display(["core"], on: terminal)
    terminal.stall(true)
    let began = ContinuousClock.now
    for number in 0..<3000 {
      display.take(.pulling(PullBytes(fetched: Int64(number), total: 3000)), of: "core")
      _ = display.write("line \(number) of a program that says a lot\n")
    }
    #expect(ContinuousClock.now - began < .seconds(5))
    display.end("core", ended(.succeeded))
    // Nobody waits longer than half a second for the last picture either, if ktrdr has to end at once.
    display.abandon()
    #expect(ContinuousClock.now - began < .seconds(6))
    terminal.stall(false)
    // A picture before the last one may be read in part, and then looks like it.
    let model = await terminal.screen { $0.lines.count > 3000 && $0.lines.last == "core" }
    #expect(model.lines.count == 3001 && model.lines.last == "core")
  }

  @Test func `while a command may ask something nothing is redrawn, and its question stays`() async throws {
    let terminal = try OpenTerminal(columns: 80, rows: 24)
    let display = display(["core"], on: terminal)
    display.take(.checking(host: "h"), of: "core")
    _ = await terminal.screen(showing: "checking h")
    await display.pausing(saying: "asking 1Password\n") {
      Console.write("Password: ", to: terminal.descriptor)
      try? await Task.sleep(for: .milliseconds(400))
      Console.write("\n", to: terminal.descriptor)
    }
    await display.pausing(saying: "asking 1Password\n") {}
    display.take(.stepBegan(.pull), of: "core")
    let model = await terminal.screen(showing: "pull")
    #expect(model.lines.dropLast() == ["asking 1Password", "Password:"])
    #expect(model.lines.last?.hasPrefix("core  pull ") == true)
    display.finish()
  }
}
