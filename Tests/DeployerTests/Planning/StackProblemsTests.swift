import Ledger
import Testing

@testable import Deployer
@testable import Fakes

struct StackProblemsTests {
  private var project = ComposeProject(
    name: "core",
    services: [
      ComposeService(name: "backend", image: "ghcr.io/u/b:sha-a1b2c3d", takesTag: true),
      ComposeService(name: "db", image: "postgres:16"),
    ])

  private func stack(
    _ project: ComposeProject, services: [String] = ["backend"], unset: [String] = [],
    observed: Observation = .nothing, facts: StackFacts = StackFacts()
  ) throws -> StackProblems {
    var plan = try Plan.core(services: services)
    plan.project = project
    return StackProblems(plan: plan, project: project, unset: unset, observed: observed, facts: facts)
  }

  private func written(_ variables: [String: Set<String>], images: [String] = []) -> StackFacts {
    var facts = StackFacts()
    let services = variables.sorted { $0.key < $1.key }.enumerated().map { index, entry in
      ComposeService(
        name: entry.key, image: images.indices.contains(index) ? images[index] : nil, variables: entry.value)
    }
    facts.uninterpolated = ComposeProject(name: "core", services: services, isResolved: false)
    return facts
  }

  @Test func `nothing stands out in most stacks`() throws {
    let found = try stack(project)
    #expect(found.problems == [])
    #expect(found.warnings == [])
  }

  @Test(arguments: [
    ("core", "api", "the container of api has; the compose file no longer has api"),
    ("core", "db", "the container of db has"), ("other", "backend", "a container of the project other has"),
    ("", "", "a container outside any stack has"),
  ])
  func `a container name that another container has is refused before anything changes`(
    of: String, service: String, words: String
  ) throws {
    var project = project
    project.services[0].containerName = "shop"
    let facts = StackFacts(holders: ["shop": NameHolder(project: of, service: service)])
    let problem = try #require(try stack(project, facts: facts).problems.first)
    #expect(problem.what == "backend is to have the container name shop, which \(words)")
    #expect(problem.nextStep == "if that container is not needed: ssh backend.example.org docker rm -f shop")
    // Compose does not free a name first that another service is to have.
    #expect(try stack(project, services: ["backend", "db"], facts: facts).problems == [problem])
    // Its own container, which looks like somebody else's.
    let own = StackFacts(holders: ["shop": NameHolder(project: "core", service: "backend")])
    #expect(try stack(project, facts: own).problems == [])
  }

  @Test func `a stack of profiles alone is refused without one`() throws {
    var project = project
    project.services[0].profiles = ["web", "all"]
    project.services[1].profiles = ["data"]
    let problem = try #require(try stack(project, services: []).problems.first)
    #expect(problem.what == "every service of core has a profile, and none of them is asked for")
    #expect(problem.nextStep == "choose with --profile: all, data, web")
    #expect(try stack(project, services: ["backend"]).problems == [])
  }

  @Test func `a stack that takes no tag is refused, with the variables that its images use`() throws {
    var project = project
    project.services[0].takesTag = false
    let facts = written(["backend": ["TAG"], "db": []], images: ["ghcr.io/u/b:${TAG:-latest}", "postgres:16"])
    let problem = try #require(try stack(project, facts: facts).problems.first)
    #expect(
      problem.what
        == "no image of core takes IMAGE_TAG, so the tag sha-a1b2c3d would change nothing; its images use TAG")
    #expect(problem.nextStep == "name the one that holds the tag: 'tag_variable: TAG' for core")
    #expect(try stack(project).problems.first?.nextStep?.contains("${IMAGE_TAG}") == true)
    let several = written(["backend": []], images: ["${REGISTRY}/b:${APP_VERSION}"])
    #expect(try stack(project, facts: several).problems.first?.nextStep?.contains("tag_variable: APP_VERSION") == true)
    let unlikely = written(["backend": []], images: ["${HOST}/${NAME}"])
    #expect(try stack(project, facts: unlikely).problems.first?.nextStep?.contains("tag_variable: NAME") == true)
  }

  @Test func `a service that has a secret's variable from elsewhere is named, and one that will not run at all`() throws
  {
    var project = project
    project.services[0].secretVariables = ["DB_PASSWORD"]
    project.services[0].replicas = 0
    project.services[1].ownVariables = ["DB_PASSWORD": "x", "POSTGRES_DB": "y"]
    let found = try stack(project, services: ["backend", "db"])
    #expect(
      found.warnings == [
        "in the compose file or an env_file, db has another value for DB_PASSWORD, which wins over the deployment's: take it "
          + "out there; where it is needed, set it with 'NAME: ${NAME}' under 'environment:'",
        "the compose file wants no container of backend: nothing of it will run",
      ])
    // Where Compose was given the secrets themselves, one value cannot be told from another.
    project.services[0].secretVariables = []
    #expect(try stack(project, services: ["db"]).warnings.allSatisfy { !$0.contains("another value") })
    // The tag's variable and the plain ones are no secrets.
    project.services[1].ownVariables = ["DB_PASSWORD": "x", "IMAGE_TAG": "old"]
    #expect(
      try stack(project, services: ["db"]).warnings.contains {
        $0.contains("db has another value for IMAGE_TAG, which")
      })
    let variable = EnvironmentVariable(name: try EnvironmentName("LEVEL"), value: "debug")
    for (value, isTold) in [("debug", false), ("info", true)] {
      project.services[1].ownVariables = ["LEVEL": value]
      var plan = try Plan.core(services: ["db"])
      plan.target.environment = [variable]
      plan.project = project
      let found = StackProblems(plan: plan, project: project, unset: [], observed: .nothing, facts: StackFacts())
      #expect(found.warnings.contains { $0.contains("another value for LEVEL") } == isTold)
    }
  }

  @Test func `a service that a deployed one depends on and that does not run is told`() throws {
    var project = project
    project.services[0].dependencies = [.init(service: "db", needsCompletion: false)]
    let warning = "backend depends on db, which does not run"
    func warnings(_ services: [String], _ state: String?) throws -> [String] {
      let seen = state.map { Observation.of(.of("db", state: $0)) } ?? .nothing
      return try stack(project, services: services, observed: seen).warnings.filter { $0.contains("depends on") }
    }
    #expect(try warnings(["backend"], nil) == [warning])
    #expect(try warnings(["backend"], "created") == [warning])
    #expect(try warnings(["backend"], "running") == [])
    #expect(try warnings(["backend", "db"], nil) == [])
    project.services[0].dependencies.append(.init(service: "cache", needsCompletion: false))
    #expect(try warnings(["backend"], nil) == ["backend depends on db, cache, which do not run"])
  }

  @Test func `a job that a deployment leaves out, or a rollback runs again, is told`() throws {
    var project = project
    project.services[0].dependencies = [.init(service: "db", needsCompletion: true)]
    var plan = try Plan.core(services: ["backend"])
    plan.project = project
    plan.jobsLeftOut = ["db"]
    func warnings() -> [String] {
      StackProblems(plan: plan, project: project, unset: [], observed: .nothing, facts: StackFacts()).warnings
    }
    #expect(warnings() == ["db will not run: a deployed service needs it, but it is not deployed"])
    plan = try Plan.core(services: ["backend", "db"])
    plan.project = project
    plan.kind = .rollback
    let told = "db runs again, on the image that it goes back to; data stays as it is"
    #expect(warnings() == [told + "; if the job cannot work with that: ktrdr rollback core backend"])
    plan.services = [try ServiceName("db")]
    #expect(warnings() == [told])
  }

  @Test func `where only services without the tag are deployed, the images that stay are named`() throws {
    let found = try stack(project, services: ["db"])
    #expect(found.problems == [])
    #expect(
      found.warnings == ["IMAGE_TAG chooses no image of what is deployed; by the compose file db runs postgres:16"])
  }

  @Test(
    arguments: [
      ([], ["a.yml", "b.yml"], ["a.yml"], true), ([], ["a.yml", "b.yml"], ["a.yml", "b.yml"], false),
      (["a.yml"], ["a.yml", "b.yml"], ["a.yml"], false), ([], ["a.yml"], ["a.yml", "b.yml"], false),
      ([], ["old.yml"], ["a.yml"], false), ([], ["old.yml", "b.yml"], ["a.yml"], true),
      ([], ["a.yml", "more/a.yml"], ["a.yml"], true), ([], [], ["a.yml"], false),
      ([], ["a.yml", "-"], ["a.yml"], false),
    ] as [([String], [String], [String], Bool)])
  func `a file that made a container is not left out unasked`(
    named: [String], made: [String], used: [String], isRefused: Bool
  ) throws {
    var container = Observation.Container.of("backend")
    container.files = made.map { "/srv/core/\($0)" }
    var plan = try Plan.core(services: ["backend"])
    plan.target.composeFiles = named
    let problems = StackProblems(
      plan: plan, project: project, unset: [], observed: Observation(containers: [container], digests: [:]),
      facts: StackFacts(files: used)
    ).problems
    #expect(problems.map(\.what).contains { $0.contains("backend was created from ") } == isRefused)
  }

  @Test func `an unset variable is refused if a deployed service uses it, with its place`() throws {
    var facts = written(["backend": ["NAME"], "db": ["apr1"]])
    facts.places = [VariablePlace(variable: "NAME", file: "core.yml", line: 12)]
    let found = try stack(project, unset: ["NAME", "apr1"], facts: facts)
    #expect(found.problems.map(\.what) == ["NAME is not set (core.yml, line 12)"])
    #expect(found.problems.first?.nextStep?.contains("$$ for a literal dollar sign") == true)
  }

  @Test func `an unset variable that no service uses may stand anywhere, so it is refused`() throws {
    #expect(try stack(project, unset: ["N"], facts: written(["backend": []])).problems.map(\.what) == ["N is not set"])
    #expect(try stack(project, unset: ["N"]).problems.map(\.what) == ["N is not set"])
  }

  @Test func `another directory with the same project is refused, and one that is gone was moved`() throws {
    var facts = StackFacts()
    facts.directories = ["/srv/staging/core": .another, "/srv/old/core": .gone]
    let found = try stack(project, facts: facts)
    #expect(found.problems.first?.what.contains("/opt/core and /srv/staging/core on backend.example.org") == true)
    #expect(found.warnings == ["the containers of core were created from /srv/old/core, which is now /opt/core"])
  }

  @Test func `a container whose service is gone from the files is told`() throws {
    let found = try stack(project, observed: .of(.of("worker"), .of("backend", id: "c2")))
    #expect(found.warnings.first?.contains("no longer has worker") == true)
    var hostile = Observation.of(.of("worker"), .of("worker", id: "c2"))
    hostile.containers[0].name = "shop-worker-1"
    hostile.containers[1].name = "x;reboot"
    let warning = try #require(try stack(project, observed: hostile).warnings.first)
    #expect(warning.hasSuffix("if they are not needed: ssh backend.example.org docker rm -f shop-worker-1 CONTAINER"))
  }

  @Test func `an image that only a build makes has to be there`() throws {
    var project = project
    project.services[1].isBuilt = true
    project.services[1].image = nil
    var facts = StackFacts()
    let missing = try stack(project, services: ["db"], facts: facts)
    #expect(missing.problems.map(\.nextStep) == ["build it there: docker compose build db"])
    facts.localImages = ["core-db"]
    #expect(try stack(project, services: ["db"], facts: facts).problems == [])
    project.services[1] = ComposeService(name: "db", image: "own/db:1", pullPolicy: "never")
    let never = try stack(project, services: ["db"])
    #expect(
      never.problems.map(\.what) == ["backend.example.org has no image own/db:1, and that of db is not pulled"])
    #expect(never.problems.map(\.nextStep) == ["load it there: docker load"])
  }
}
