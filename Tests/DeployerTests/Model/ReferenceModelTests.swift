import Testing

@testable import DeploymentModel

/// The model by itself: what the documents say in so many words.
struct ReferenceModelTests {
  /// A world that the model alone changes.
  private struct Play {
    var model = ReferenceModel()
    var world = ModelWorld()
    var last: ReferenceModel.Prediction?

    init(_ operations: [Operation] = []) {
      for tag in ["A", "B", "C", "P", "bad"] {
        for service in ModelStack.services {
          let id = "\(service)-\(model.file.tag(service, tag))"
          world.registry[model.file.reference(service, tag)] = id
          world.published.insert(id)
          if tag == "bad", ModelStack.takesTag(service) { world.bad.insert(id) }
        }
      }
      for operation in operations { perform(operation) }
    }

    mutating func perform(_ operation: Operation) {
      if case .replace(let service, let tag) = operation {
        let image = ModelImage(id: "\(service)-\(tag)", tag: tag)
        let step = ModelRun.Start(
          service: service, image: image, reference: model.file.reference(service, tag), variable: tag)
        _ = world.up([step], by: model.file)
      }
      model.file.edit(operation)
      let prediction = model.predict(operation, world)
      model.records += prediction.records
      model.nextID += Int64(prediction.records.count)
      world = prediction.after
      last = prediction
    }

    func runs(_ service: String = "backend") -> String? { world.containers[service]?.image.tag }
  }

  private static func deploy(_ tag: String, _ services: [String] = [], _ profiles: [String] = []) -> Operation {
    .deploy(.init(tag: tag, services: services, profiles: profiles))
  }

  private static let back = Operation.rollback(.init())
  private static let toB = Operation.rollback(.init(destination: .tag("B")))

  @Test(
    arguments: [
      ([deploy("A"), deploy("B"), back], "A"),
      ([deploy("A"), deploy("B"), deploy("bad"), back], "B"),
      ([deploy("A"), deploy("B"), back, deploy("C"), back], "A"),
      ([deploy("A"), deploy("A"), deploy("B"), back], "A"),
      ([.replace("backend", tag: "P"), deploy("B"), back], "P"),
      ([.replace("backend", tag: "P"), deploy("nosuch"), deploy("B"), back], "P"),
      ([deploy("A"), deploy("B"), deploy("B", ["db"]), back], "A"),
      ([deploy("A"), deploy("B"), .deploy(.init(tag: "C", fault: .killedAfterUp)), back], "B"),
      ([deploy("A"), deploy("B"), .deploy(.init(tag: "C", fault: .lostAfterUp)), back], "B"),
      ([deploy("A"), deploy("B"), back, toB, back], "A"),
      ([deploy("A"), deploy("B"), .deploy(.init(tag: "bad", rollsBack: true))], "B"),
    ] as [([Operation], String)])
  func `where a service goes`(history: [Operation], tag: String) {
    let play = Play(history)
    #expect(play.runs() == tag)
    #expect(play.last?.refusal == nil)
  }

  @Test(
    arguments: [
      [back], [deploy("A"), back], [deploy("A"), deploy("B"), back, back],
      [deploy("A"), deploy("B"), deploy("nosuch"), back],
      [deploy("A"), deploy("B"), .deploy(.init(tag: "C", fault: .stoppedEarly)), back],
      [deploy("A"), .rollback(.init(destination: .deployment(1)))],
      [deploy("A"), deploy("B"), .breakHealth("backend"), deploy("B"), back],
    ] as [[Operation]])
  func `where there is nothing to go back to`(history: [Operation]) {
    #expect(Play(history).last?.refusal == .nothingToGoBackTo)
  }

  @Test func `the newest change is taken back as a whole`() {
    var play = Play([Self.deploy("A"), Self.deploy("B", [], ["scale-2"]), Self.back])
    #expect(play.runs() == "A")
    #expect(play.runs("worker-2") == nil)
    #expect(play.model.records.last?.undoes == 2)
    #expect(play.model.records.last?.services == ["backend", "mcp", "worker-2"])
    play = Play([Self.deploy("A"), Self.deploy("B", [], ["scale-2"]), Self.deploy("B"), Self.back])
    #expect(play.runs() == "B")
    #expect(play.runs("worker-2") == "B")
    #expect(play.model.records.last?.undoes == 3)
    #expect(play.model.records.last?.profiles == ["scale-2"])
  }

  @Test func `wrong usage is told apart`() {
    let unknown = Operation.rollback(.init(destination: .deployment(9)))
    #expect(Play([Self.deploy("A"), unknown]).last?.refusal == .usage)
    let database = Operation.rollback(.init(coverage: .named(["db"]), destination: .tag("B")))
    #expect(Play([Self.deploy("A"), database]).last?.refusal == .usage)
  }
}
