import Deployer
import TestSupport
import Testing

struct InventoryFileTests {
  /// The error from loading a file with these bytes; empty if it is valid.
  private func message(of bytes: [UInt8]) throws -> String {
    let directory = try TestDirectory()
    try directory.write(bytes, to: "ktrdr.yml")
    return message("\(directory.path)/ktrdr.yml")
  }

  private func message(_ path: String, _ source: InventoryLocation.Source = .flag) -> String {
    do throws(InventoryErrors) {
      _ = try InventoryLocation.file(path: path, source: source).load(environment: [:])
      return ""
    } catch {
      return error.what
    }
  }

  @Test func `an inventory remembers the file it was read from`() throws {
    let directory = try TestDirectory()
    let path = "\(directory.path)/ktrdr.yml"
    try directory.write("targets: {core: {host: h, directory: /d}}", to: "ktrdr.yml")
    let inventory = try InventoryLocation.file(path: path, source: .flag).load(environment: [:])
    #expect(inventory.origin == .file(path: path))
    #expect(InventoryLocation.exists(path))
  }

  @Test func `a missing file is reported with its path and where the path came from`() {
    #expect(message("/nowhere/k.yml") == "/nowhere/k.yml: no such file: correct --config")
    #expect(message("/nowhere/k.yml", .environment).hasSuffix("correct or unset $KTRDR_CONFIG"))
    #expect(!InventoryLocation.exists("/nowhere/k.yml"))
  }

  @Test func `a directory is reported as a directory`() throws {
    let directory = try TestDirectory()
    #expect(message(directory.path).contains("is a directory"))
  }

  @Test func `text that cannot be a file name is rejected`() {
    #expect(message("").contains("not a file name"))
    #expect(message("a\0b").contains("not a file name"))
  }

  @Test func `a file that is not UTF-8 is rejected`() throws {
    #expect(try message(of: [0x61, 0xFF]).contains("not UTF-8"))
  }

  @Test func `a file over 1 MiB is rejected`() throws {
    let bytes = [UInt8](repeating: UInt8(ascii: "#"), count: Inventory.maximumBytes + 1)
    #expect(try message(of: bytes).contains("larger than 1 MiB"))
    #expect(try message(of: Array(bytes.dropLast())).contains("the file is empty"))
  }

  @Test func `a file that never ends is not read forever`() {
    #expect(message("/dev/zero").contains("larger than 1 MiB"))
  }

  @Test func `an empty file is reported as empty`() throws {
    #expect(try message(of: []).contains("the file is empty"))
  }

  @Test func `problems are reported under the path that was given`() throws {
    #expect(try message(of: Array("targets: 1".utf8)).contains("ktrdr.yml:1: targets: "))
  }
}
