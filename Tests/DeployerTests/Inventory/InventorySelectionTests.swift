import Deployer
import Testing

struct InventorySelectionTests {
  @Test(arguments: [
    ([], ["core", "workers-b", "workers-c", "gpu"]), (["core"], ["core"]), (["workers-b"], ["workers-b"]),
    (["workers", "B"], ["workers-b"]), (["workers", "c", "b"], ["workers-c", "workers-b"]),
    (["workers"], ["workers-b", "workers-c", "gpu"]), (["workers", "all"], ["workers-b", "workers-c", "gpu"]),
    (["workers", "gpu"], ["gpu"]), (["gpu"], ["gpu"]),
    (["all"], ["core", "workers-b", "workers-c", "gpu"]),
    (["workers", "core"], ["workers-b", "workers-c", "gpu", "core"]),
    (["workers", "B", "core"], ["workers-b", "core"]),
    (["core", "core", "workers-b", "workers", "B"], ["core", "workers-b"]),
  ])
  func `arguments name targets, without duplicates`(words: [String], names: [String]) throws {
    #expect(try Inventory.builtIn().resolve(words).map(\.name.value) == names)
  }

  @Test(arguments: [
    (
      ["cor"],
      "unknown target or group 'cor': did you mean 'core'? The inventory has core, workers-b, workers-c, gpu, workers"
    ),
    (
      ["gpu-farm"],
      "unknown target or group 'gpu-farm': expected one of core, workers-b, workers-c, gpu, workers; "
        + "for a stack of your own, 'ktrdr init' writes an inventory"
    ),
    (["workers", "D"], "group 'workers' has no node 'D': expected one of B, C, GPU"),
    (["workers", "node-d"], "group 'workers' has no node 'node-d': expected one of B, C, GPU"),
    (["workers", "B", "D"], "group 'workers' has no node 'D': expected one of B, C, GPU"),
    (
      ["core", "backend"],
      "unknown target or group 'backend': it is a service of core, and this command takes whole targets"
    ),
    (
      ["core", ""],
      "unknown target or group '': expected one of core, workers-b, workers-c, gpu, workers; "
        + "for a stack of your own, 'ktrdr init' writes an inventory"
    ),
  ])
  func `an unknown target is answered with those that exist`(words: [String], message: String) throws {
    let inventory = try Inventory.builtIn()
    let error = #expect(throws: UnknownTarget.self) { try inventory.resolve(words) }
    #expect(error?.oneLine == message)
    // What takes services says how they are written.
    let other = #expect(throws: UnknownTarget.self) { try inventory.resolveFirst(["backend"], takesServices: true) }
    #expect(other?.nextStep == "it is a service of core: write 'core backend'")
  }

  @Test(arguments: [
    (["workers", "B", "db"], ["workers-b"], ["db"]), (["core", "backend", "db"], ["core"], ["backend", "db"]),
    (["workers", "all", "x"], ["workers-b", "workers-c", "gpu"], ["x"]), (["workers-c"], ["workers-c"], []),
  ])
  func `resolveFirst returns the words after the first target`(words: [String], names: [String], rest: [String]) throws
  {
    let resolved = try Inventory.builtIn().resolveFirst(words[...])
    #expect(resolved.targets.map(\.name.value) == names)
    #expect(Array(resolved.rest) == rest)
  }

  @Test func `the built-in inventory has no links, so it need not be read for them`() throws {
    #expect(try Inventory.builtIn().links == Links())
  }

  @Test func `resolveFirst needs at least one word`() throws {
    let inventory = try Inventory.builtIn()
    #expect(throws: UnknownTarget.self) { try inventory.resolveFirst([]) }
  }

  @Test func `a node of an unknown group is answered with the groups`() throws {
    let inventory = try Inventory.builtIn()
    let error = #expect(throws: UnknownTarget.self) { try inventory.target(node: "B", of: "worker") }
    #expect(error?.nextStep == "did you mean 'workers'?")
    #expect(inventory.unknownGroup("gpu-farm").oneLine == "unknown group 'gpu-farm': expected workers")
    #expect(inventory.group("nobody").isEmpty)
    #expect(inventory.groups.map(\.value) == ["workers"])
  }
}
