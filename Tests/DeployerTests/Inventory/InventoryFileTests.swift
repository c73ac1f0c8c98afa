import Deployer
import Platform
import Testing

struct InventoryFileTests {
  /// What loading a file of these bytes says; empty when it is right.
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
      return error.message
    }
  }

  @Test func `a file is read and remembered as the origin`() throws {
    let path = try temporary().appending(path: "ktrdr.yml")
    defer { try? FileManager.default.removeItem(at: path.deletingLastPathComponent()) }
    try Data("targets: {core: {host: h, directory: /d}}".utf8).write(to: path)
    let inventory = try InventoryLocation.file(path: path.path, source: .flag).load()
    #expect(inventory.origin == .file(path: path.path))
    #expect(InventoryLocation.exists(path.path))
  }

  @Test func `a missing file is named, with who named it`() {
    #expect(message("/nowhere/k.yml") == "/nowhere/k.yml: there is no such file; correct '--config'")
    #expect(message("/nowhere/k.yml", .environment).hasSuffix("correct or unset $KTRDR_CONFIG"))
    #expect(!InventoryLocation.exists("/nowhere/k.yml"))
  }

  @Test func `a directory is called a directory`() throws {
    let directory = try temporary()
    defer { try? FileManager.default.removeItem(at: directory) }
    #expect(message(directory.path).contains("it is a directory"))
  }

  @Test func `a name that can be no file is refused`() {
    #expect(message("").contains("it names no file"))
    #expect(message("a\0b").contains("it names no file"))
  }

  @Test func `bytes that are not UTF-8 are refused`() throws {
    #expect(try message(of: [0x61, 0xFF]).contains("it is not UTF-8 text"))
  }

  @Test func `a file above one mebibyte is refused`() throws {
    let bytes = [UInt8](repeating: UInt8(ascii: "#"), count: Inventory.maximumBytes + 1)
    #expect(try message(of: bytes).contains("larger than 1 MiB"))
    #expect(try message(of: Array(bytes.dropLast())).contains("it is empty"))
  }

  @Test func `an endless file is not read to its end`() {
    #expect(message("/dev/zero").contains("larger than 1 MiB"))
  }

  @Test func `an empty file is called empty`() throws {
    #expect(try message(of: []).contains("it is empty"))
  }

  @Test func `an inventory that is wrong is reported under the path that was given`() throws {
    #expect(try message(of: Array("targets: 1".utf8)).contains("ktrdr.yml:1: targets: "))
  }
}
