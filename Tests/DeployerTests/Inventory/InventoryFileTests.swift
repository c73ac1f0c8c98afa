import Deployer
import Platform
import Testing

struct InventoryFileTests {
  /// The error from loading a file with these bytes; empty if it is valid.
  private func message(of bytes: [UInt8]) throws -> String {
    let path = try temporary().appending(path: "ktrdr.yml")
    defer { try? FileManager.default.removeItem(at: path.deletingLastPathComponent()) }
    try Data(bytes).write(to: path)
    return message(path.path)
  }

  private func temporary() throws -> URL {
    let directory = FileManager.default.temporaryDirectory.appending(path: "inventory-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    return directory
  }

  private func message(_ path: String, _ source: InventoryLocation.Source = .flag) -> String {
    do throws(InventoryErrors) {
      _ = try InventoryLocation.file(path: path, source: source).load()
      return ""
    } catch {
      return error.what
    }
  }

  @Test func `an inventory remembers the file it was read from`() throws {
    let path = try temporary().appending(path: "ktrdr.yml")
    defer { try? FileManager.default.removeItem(at: path.deletingLastPathComponent()) }
    try Data("targets: {core: {host: h, directory: /d}}".utf8).write(to: path)
    let inventory = try InventoryLocation.file(path: path.path, source: .flag).load()
    #expect(inventory.origin == .file(path: path.path))
    #expect(InventoryLocation.exists(path.path))
  }

  @Test func `a missing file is reported with its path and where the path came from`() {
    #expect(message("/nowhere/k.yml") == "/nowhere/k.yml: no such file: correct --config")
    #expect(message("/nowhere/k.yml", .environment).hasSuffix("correct or unset $KTRDR_CONFIG"))
    #expect(!InventoryLocation.exists("/nowhere/k.yml"))
  }

  @Test func `a directory is reported as a directory`() throws {
    let directory = try temporary()
    defer { try? FileManager.default.removeItem(at: directory) }
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
