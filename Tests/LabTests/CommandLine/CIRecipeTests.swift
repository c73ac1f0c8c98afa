import Platform
import TestSupport
import Testing

extension LabSuites {
  /// The recipes of docs/ci, carried out as a runner does: in a checkout of its kind, without a terminal, with a service account.
  @Suite(.serialized) struct CIRecipeTests {
    private struct Records: Decodable {
      var outcome: String?
      var git_sha: String?
      var operator_: String?

      enum CodingKeys: String, CodingKey {
        case outcome, git_sha
        case operator_ = "operator"
      }
    }

    /// A job of an operator's own, with what it said and the records that it left.
    private func job(
      _ recipe: CIRecipe, _ person: Operator, arguments: String = ""
    ) async throws -> (result: Programs.Result, records: String) {
      let lab = person.lab
      let workspace = "\(lab.root)/state/\(UUID().uuidString)"
      let bin = "\(workspace)/bin"
      let checkout = "\(workspace)/checkout"
      for directory in [bin, checkout] {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      }
      try FileManager.default.createSymbolicLink(atPath: "\(bin)/ktrdr", withDestinationPath: KtrdrBinary.path)
      var environment = person.environment.merging(recipe.environment) { $1 }
      environment["PATH"] = "\(bin):\(environment["PATH"] ?? "")"
      environment["OP_SERVICE_ACCOUNT_TOKEN"] = "ops_lab"
      environment["TERM"] = nil
      if recipe != .shell { environment["KTRDR_OPERATOR"] = nil }
      let steps = recipe.checkout(of: lab.facts.commits[2], from: "\(lab.root)/origin.git")
      let made = try await Programs.run("sh", ["-e", "-c", steps], environment: environment, in: checkout)
      try #require(made.status == 0, "\(made.error)")
      // In a stack's own repository, the script is committed.
      try FileManager.default.createDirectory(atPath: "\(checkout)/docs", withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(atPath: "\(checkout)/docs/ci", withDestinationPath: CIRecipe.directory)
      try Data("docs\n".utf8).write(to: URL(filePath: "\(checkout)/.git/info/exclude"))
      var command = try recipe.command()
      command[command.count - 1] += arguments
      let result = try await Programs.run("setsid", ["-w"] + command, environment: environment, in: checkout)
      let records = try? Data(contentsOf: URL(filePath: "\(checkout)/deployment.json"))
      return (result, String(decoding: records ?? Data(), as: UTF8.self))
    }

    @Test(arguments: CIRecipe.allCases)
    func `a job deploys the commit that is checked out, and says what runs`(recipe: CIRecipe) async throws {
      let person = try await Operator()
      let (result, records) = try await job(recipe, person)
      let said = result.output + result.error
      #expect(result.status == 0, "\(said)")
      #expect(!said.contains("warning: HEAD"), "\(said)")
      #expect(!said.contains("\u{1b}") && !said.contains("\r"), "\(said)")
      let tag = person.lab.facts.tags_good[2]
      #expect(result.output.contains("deployment 1: deploy of core, \(tag): succeeded\n"), "\(said)")
      #expect(result.output.contains("proven"), "\(said)")
      let record = try JSONDecoder().decode(Records.self, from: Data(records.utf8))
      #expect(record.outcome == "succeeded")
      #expect(record.git_sha == person.lab.facts.commits[2])
      #expect(record.operator_ == "ana")
    }

    @Test func `a version that is not healthy fails the job, which says so`() async throws {
      let person = try await Operator()
      let (result, _) = try await job(.github, person, arguments: " --tag \(person.lab.facts.tag_unhealthy)")
      #expect(result.status == 1, "\(result.output)\(result.error)")
      #expect(
        result.output.contains("core, \(person.lab.facts.tag_unhealthy): failed\ndid not succeed"), "\(result.output)")
      #expect(result.output.contains("unhealthy") && result.output.contains("proven"), "\(result.output)")
    }

    @Test func `a service account without the item fails the job, and nothing was changed`() async throws {
      let person = try await Operator()
      try await person.lab.failing("item-get no-item-in-vault") {
        let (result, records) = try await job(.gitlab, person)
        #expect(result.status == 77, "\(result.output)\(result.error)")
        #expect(result.output.contains("nothing was changed: the reason is above"), "\(result.output)")
        #expect(records.isEmpty)
      }
      #expect(try await person.history().isEmpty)
    }
  }
}
