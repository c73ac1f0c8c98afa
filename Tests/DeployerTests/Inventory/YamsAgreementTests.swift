import Testing
import Yams

@testable import Deployer

/// Checks the parser against Yams: a document that both accept must mean the same to both.
@Suite struct YamsAgreementTests {
  @Test(arguments: documents) func `ktrdr and Yams read a document the same`(_ text: String) throws {
    let ours = YAMLComposer.compose(text)
    #expect(ours.problems == [])
    #expect(ours.document.map(Meaning.init) == (try Yams.compose(yaml: text)).map(Meaning.init))
  }

  private static let documents = [
    InventoryDocument.example,
    "a: [1, two, {three: 3}]\nb: {}\nc: []\n",
    "plain: true\nsingle: 'true'\ndouble: \"a\\tb\\u00e9\\0c\"\n",
    "folded: >-\n  one\n  two\n\n  three\nliteral: |\n  one\n    two\n",
    "- - nested\n  - list\n-\n  key: 'it''s'\n",
    "nothing:\ntilde: ~\nword: null\nquoted: 'null'\nempty: \"\"\n",
    "lines: end\r\nas: on Windows\r\n",
    "? explicit\n: value\n# comment\nlast: x # comment\n",
  ]
}

/// A document without line numbers and quoting styles.
private indirect enum Meaning: Equatable {
  case null
  case scalar(String)
  case list([Meaning])
  case mapping([[Meaning]])

  init(_ node: YAMLNode) {
    switch node.content {
    case .null: self = .null
    case .scalar(let text, _): self = .scalar(text)
    case .list(let elements): self = .list(elements.map(Meaning.init))
    case .mapping(let pairs): self = .mapping(pairs.map { [Meaning($0.key), Meaning($0.value)] })
    }
  }

  init(_ node: Yams.Node) {
    switch node {
    case .scalar(let scalar): self = node.null == nil ? .scalar(scalar.string) : .null
    case .sequence(let elements): self = .list(elements.map(Meaning.init))
    case .mapping(let pairs): self = .mapping(pairs.map { [Meaning($0.key), Meaning($0.value)] })
    case .alias: self = .null
    }
  }
}
