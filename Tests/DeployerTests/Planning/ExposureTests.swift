import Testing

@testable import Deployer
@testable import Fakes

@Test(arguments: [
  ("/opt/core", true), ("a1b2c3d", true), ("backend.example.org", true), ("/opt/an \"odd\" place", true),
  ("DeploymentStart", false), ("gitSHA", false), ("nothing of it", false),
])
func `a secret that is also a recorded name is seen, and how ktrdr calls the name is none`(
  value: String, isExposed: Bool
) throws {
  var plan = try Plan.core()
  if value.contains("odd") { plan.target.directory = value }
  let needles = NeedleSet([("DB_PASSWORD", Secret(value))])
  let fetched = FetchedSecrets(environment: [], login: [], needles: needles, versions: [])
  #expect((fetched.exposure(by: plan) != nil) == isExposed)
}
