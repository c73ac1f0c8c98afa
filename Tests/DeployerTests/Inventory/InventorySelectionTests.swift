import Deployer
import Testing

struct InventorySelectionTests {
  @Test(arguments: [
    ([], ["core", "workers-b", "workers-c"]), (["core"], ["core"]), (["workers-b"], ["workers-b"]),
    (["workers", "B"], ["workers-b"]), (["workers", "c", "b"], ["workers-c", "workers-b"]),
    (["workers"], ["workers-b", "workers-c"]), (["workers", "all"], ["workers-b", "workers-c"]),
    (["all"], ["core", "workers-b", "workers-c"]), (["workers", "core"], ["workers-b", "workers-c", "core"]),
    (["workers", "B", "core"], ["workers-b", "core"]),
    (["core", "core", "workers-b", "workers", "B"], ["core", "workers-b"]),
  ])
  func `words name targets, each once`(words: [String], names: [String]) throws {
    #expect(try Inventory.builtIn().resolve(words).map(\.name.value) == names)
  }

  @Test(arguments: [
    (["cor"], "no target or group is called 'cor'; did you mean 'core'?"),
    (["gpu-farm"], "no target or group is called 'gpu-farm'; known here: core, workers-b, workers-c, workers"),
    (["workers", "D"], "group 'workers' has no node 'D'; its nodes are: B, C"),
    (["workers", "node-d"], "group 'workers' has no node 'node-d'; its nodes are: B, C"),
    (["workers", "B", "D"], "group 'workers' has no node 'D'; its nodes are: B, C"),
    (["core", "backend"], "no target or group is called 'backend'; known here: core, workers-b, workers-c, workers"),
    (["core", ""], "no target or group is called ''; known here: core, workers-b, workers-c, workers"),
  ])
  func `an unknown word is answered with the known ones`(words: [String], message: String) throws {
    let inventory = try Inventory.builtIn()
    let error = #expect(throws: UnknownTarget.self) { try inventory.resolve(words) }
    #expect(error?.description == message)
  }

  @Test(arguments: [
    (["workers", "B", "db"], ["workers-b"], ["db"]), (["core", "backend", "db"], ["core"], ["backend", "db"]),
    (["workers", "all", "x"], ["workers-b", "workers-c"], ["x"]), (["workers-c"], ["workers-c"], []),
  ])
  func `what follows the first target is left to the command`(words: [String], names: [String], rest: [String]) throws {
    let resolved = try Inventory.builtIn().resolveFirst(words[...])
    #expect(resolved.targets.map(\.name.value) == names)
    #expect(Array(resolved.rest) == rest)
  }

  @Test func `no word names no first target`() throws {
    let inventory = try Inventory.builtIn()
    #expect(throws: UnknownTarget.self) { try inventory.resolveFirst([]) }
  }

  @Test func `a node of a group that does not exist is answered with the groups`() throws {
    let inventory = try Inventory.builtIn()
    let error = #expect(throws: UnknownTarget.self) { try inventory.target(node: "B", of: "worker") }
    #expect(error?.nextStep == "did you mean 'workers'?")
    #expect(inventory.group("nobody").isEmpty)
    #expect(inventory.groups.map(\.value) == ["workers"])
  }
}
