import Deployer
import Testing

struct OperatorErrorTests {
  private struct Failed: OperatorError {
    var what: String
    var nextStep: String?
  }

  @Test(arguments: [
    ("disk full", nil, "disk full"), ("disk full", "delete something", "disk full: delete something"),
    ("disk full: /var", "delete something", "disk full: /var; delete something"),
    ("invalid name 'a:b'", "rename it", "invalid name 'a:b': rename it"),
  ])
  func `an error fits on one line`(what: String, nextStep: String?, line: String) {
    #expect(Failed(what: what, nextStep: nextStep).oneLine == line)
  }
}
