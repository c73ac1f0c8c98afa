import Platform
import Testing

@testable import Ledger

@Test func `the ledger's id is in a file beside it that only the owner can read`() async throws {
  let scratch = try Scratch()
  let ledger = try await scratch.open()
  #expect(try read(scratch.path + ".id") == Array("\(ledger.id)\n".utf8))
  let mode = try FileManager.default.attributesOfItem(atPath: scratch.path + ".id")[.posixPermissions] as? Int
  #expect(mode == 0o600)
}

@Test func `the first writer creates a missing id file`() async throws {
  let scratch = try Scratch()
  let id = try await scratch.open().id
  try FileManager.default.removeItem(atPath: scratch.path + ".id")
  _ = try await scratch.open(.readOnly)
  #expect(try scratch.names() == ["ledger.db"])
  _ = try await scratch.open()
  #expect(try read(scratch.path + ".id") == Array("\(id)\n".utf8))
}

@Test func `a replaced ledger is refused with both ids, and can still be read`() async throws {
  let scratch = try Scratch()
  let other = try Scratch()
  let known = try await scratch.open().id
  let found = try await other.open().id
  try write(read(other.path), scratch.path)
  let error = LedgerError.replaced(path: scratch.path, known: known, found: found)
  await #expect(throws: error) { try await scratch.open() }
  #expect(error.isDamage)
  for word in [known, found, scratch.path + ".id"] { #expect(error.message.contains(word)) }
  #expect(try read(scratch.path) == read(other.path))
  let reader = try await scratch.open(.readOnly)
  #expect(try await reader.verify().warnings == ["there was another ledger at this path before: \(known)"])
  try FileManager.default.removeItem(atPath: scratch.path + ".id")
  #expect(try await scratch.open().id == found)
}

@Test(arguments: [DeploymentLedger.Access.readOnly, .readWrite])
func `no new ledger is created where one has disappeared`(_ access: DeploymentLedger.Access) async throws {
  let scratch = try Scratch()
  let known = try await scratch.open().id
  try FileManager.default.removeItem(atPath: scratch.path)
  let error = LedgerError.replaced(path: scratch.path, known: known, found: nil)
  await #expect(throws: error) { try await scratch.open(access) }
  #expect(error.isDamage && error.message.contains("disappeared"))
  #expect(try scratch.names() == ["ledger.db.id"])
}

@Test(arguments: ["", "x\n", "00000000-0000-0000-0000-000000000000"])
func `an invalid id file stops writers, not readers`(_ text: String) async throws {
  let scratch = try Scratch()
  _ = try await scratch.open()
  try write(Array(text.utf8), scratch.path + ".id")
  let error = await #expect(throws: LedgerError.self) { try await scratch.open() }
  #expect(error?.isDamage == true)
  #expect(error?.message.contains("ledger.db.id") == true)
  _ = try await scratch.open(.readOnly)
}
