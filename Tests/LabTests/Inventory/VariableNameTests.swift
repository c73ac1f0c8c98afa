import TestSupport
import Testing

extension LabSuites {
  @Suite(.serialized) struct VariableNameTests {
    @Test func `a name that only begins like Compose's or Docker's own reaches the stack`() async throws {
      let lab = try await Lab.shared()
      let services = """
          web:
            image: ${DOCKER_IMAGE_BACKEND}:${IMAGE_TAG}
            network_mode: none
            environment: {PORT: "${COMPOSE_PORT_HTTP}"}
        """
      let image = "\(lab.facts.registry)/kpiteira/ktrdr-backend"
      let keys = "environment: {COMPOSE_PORT_HTTP: \"8080\", DOCKER_IMAGE_BACKEND: \"\(image)\"}"
      try await OwnStack(services, keys: keys).use { stack in
        let result = try await stack.deploy(lab.facts.tags_good[0])
        #expect(result.status == 0, "\(result.error)")
        #expect(try await stack.variable("PORT", in: "web") == "8080")
        let running = try await stack.docker("inspect", "--format", "{{.Config.Image}}", "\(stack.project)-web-1")
        #expect(running == "\(image):\(lab.facts.tags_good[0])")
      }
    }
  }
}
