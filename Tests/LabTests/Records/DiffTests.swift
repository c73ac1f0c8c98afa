import Platform
import TestSupport
import Testing

extension LabSuites {
  @Suite(.serialized) struct DiffTests {
    private struct Answer: Decodable {
      struct Change: Decodable {
        var from: String?
        var to: String?
      }
      struct List: Decodable {
        var removed: [String]
        var added: [String]
      }
      struct Image: Decodable {
        struct Identity: Decodable {
          var reference: String
          var id: String
          var digest: String?
        }
        var service: String
        var from: Identity?
        var to: Identity?
      }
      struct Secret: Decodable {
        var item: String
        var from: Int?
        var to: Int?
      }
      struct Commits: Decodable {
        struct Commit: Decodable {
          var sha: String
          var subject: String
        }
        var known: Bool
        var added: [Commit]
        var removed: [Commit]
        var reason: String?
      }
      var from: Int64
      var to: Int64
      var target, host, kind, tag, git_sha, compose_digest: Change?
      var services, profiles: List
      var images: [Image]
      var secrets: [Secret]
      var commits: Commits
    }

    @Test func `two deployments are compared by what ran, by their commits and by their secrets' versions`()
      async throws
    {
      var person = try await Operator()
      let (tags, commits) = (person.lab.facts.tags_good, person.lab.facts.commits)
      try await person.deployCore()
      try await person.lab.setField("jwt_secret", to: "another value")
      let second = try await person.ktrdr("deploy", "core", "backend", "--tag", tags[2])
      #expect(second.status == 0, "\(second.error)")
      let result = try await person.ktrdr("diff", "1", "2", "--format", "json")
      #expect(result.status == 0, "\(result.error)")
      let answer = try JSONDecoder().decode(Answer.self, from: Data(result.output.utf8))
      #expect(answer.from == 1 && answer.to == 2)
      #expect(answer.tag?.from == tags[0] && answer.tag?.to == tags[2])
      #expect(answer.git_sha?.from == commits[0] && answer.git_sha?.to == commits[2])
      #expect(answer.target == nil && answer.kind == nil && answer.compose_digest == nil)
      #expect(answer.services.removed == ["db", "grafana", "jaeger", "mcp", "prometheus"])
      #expect(answer.images.map(\.service) == ["backend"])
      #expect(answer.images.first?.from?.digest != answer.images.first?.to?.digest)
      #expect(answer.secrets.count == 1)
      #expect(answer.secrets.first.map { ($0.to ?? 0) - ($0.from ?? 0) } == 1)
      #expect(answer.commits.known)
      #expect(answer.commits.added.map(\.subject) == ["Version C", "Version B"])
      #expect(answer.commits.removed.isEmpty)
      let table = try await person.ktrdr("diff", "2", "1")
      #expect(table.output.contains("commits      0 added, 2 removed"))
      #expect(table.output.contains("- \(commits[1].prefix(7)) Version B"))
      person.directory = "/"
      #expect(try await person.ktrdr("diff", "1", "2").output.contains("commits      unknown: / is not in a git"))
    }

    @Test(arguments: [["1", "99"], ["nothing", "1"], ["1"]])
    func `a deployment that is not there is wrong usage`(words: [String]) async throws {
      let person = try await Operator()
      try await person.deployCore()
      let result = try await Programs.run(
        KtrdrBinary.path, ["diff"] + words, environment: person.environment, in: person.directory)
      #expect(result.status == 64)
      #expect(result.error.contains("history") || words.count < 2)
    }
  }
}
