// libYAML itself: the nodes of Yams, which wraps it, would stop at the first duplicate key, resolve aliases while they
// compose (a key of nested aliases takes exponential time to hash), and forget the line of an alias. Yams also links the
// whole of Foundation: 44 MB of the program, 4 MB of its memory, 2 ms of each start. The tests hold one against the other.
internal import CYAML

/// Builds nodes from the events of libYAML, and bounds what a hostile document can cost.
struct YAMLComposer {
  /// An inventory needs 4; libYAML itself stops at 1,000, which a small stack does not survive.
  static let maximumDepth = 32

  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let text: UnsafeBufferPointer<UInt8>
  /// What is legal YAML and still refused; composing goes on after it.
  private var problems: [InventoryProblem] = []

  /// The first document in `text` and what is wrong with it. The document is `nil` when `text` holds none, or when it
  /// is not YAML: then the last problem says so.
  static func compose(_ text: String) -> (document: YAMLNode?, problems: [InventoryProblem]) {
    var text = text
    return text.withUTF8 { bytes in
      let bytes = withoutByteOrderMark(bytes)
      let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
      defer { parser.deallocate() }
      guard yaml_parser_initialize(parser) == 1 else {
        return (nil, [InventoryProblem(line: nil, path: "", what: "no memory to read it", nextStep: "try again")])
      }
      defer { yaml_parser_delete(parser) }
      yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
      var composer = YAMLComposer(parser: parser, text: bytes)
      do throws(InventoryProblem) {
        let document = try composer.document()
        return (document, composer.problems)
      } catch {
        return (nil, composer.problems + [error])
      }
    }
  }

  /// Some editors begin a file with one, and libYAML skips it only where it is to find the encoding out.
  private static func withoutByteOrderMark(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? UnsafeBufferPointer(rebasing: bytes.dropFirst(3)) : bytes
  }

  private init(parser: UnsafeMutablePointer<yaml_parser_t>, text: UnsafeBufferPointer<UInt8>) {
    self.parser = parser
    self.text = text
  }

  private mutating func document() throws(InventoryProblem) -> YAMLNode? {
    _ = try next()  // the stream's start
    guard try next().kind == YAML_DOCUMENT_START_EVENT else { return nil }
    let root = try node(from: try next(), depth: 0)
    _ = try next()  // the document's end
    let after = try next()
    if after.kind != YAML_STREAM_END_EVENT {
      refuse(after.line, "a second document begins here", "keep one document in the file")
    }
    return root
  }

  private mutating func node(from event: YAMLEvent, depth: Int) throws(InventoryProblem) -> YAMLNode {
    guard depth < Self.maximumDepth else {
      throw InventoryProblem(
        line: event.line, path: "", what: "it is nested more than \(Self.maximumDepth) levels deep",
        nextStep: "see 'ktrdr config init' for the shape of an inventory")
    }
    if event.hasAnchor {
      refuse(event.line, "anchors and aliases ('&', '*') are not read here", "write the value out")
    }
    if event.hasTag {
      refuse(event.line, "tags ('!') are not read here", "write the value without it, quoted if need be")
    }
    return YAMLNode(line: event.line, content: try content(of: event, depth: depth))
  }

  private mutating func content(of event: YAMLEvent, depth: Int) throws(InventoryProblem) -> YAMLNode.Content {
    switch event.kind {
    case YAML_SCALAR_EVENT:
      let isNull = event.isPlain && ["", "~", "null", "Null", "NULL"].contains(event.text)
      return isNull ? .null : .scalar(event.text, plain: event.isPlain)
    case YAML_SEQUENCE_START_EVENT:
      var elements: [YAMLNode] = []
      var element = try next()
      while element.kind != YAML_SEQUENCE_END_EVENT {
        elements.append(try node(from: element, depth: depth + 1))
        element = try next()
      }
      return .list(elements)
    case YAML_MAPPING_START_EVENT:
      var pairs: [YAMLNode.Pair] = []
      var key = try next()
      while key.kind != YAML_MAPPING_END_EVENT {
        let name = try node(from: key, depth: depth + 1)
        pairs.append(YAMLNode.Pair(key: name, value: try node(from: try next(), depth: depth + 1)))
        key = try next()
      }
      return .mapping(pairs)
    default:
      return .null  // an alias, which was refused above
    }
  }

  private func next() throws(InventoryProblem) -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else {
      throw InventoryProblem.notYAML(parser.pointee, text: text)
    }
    defer { yaml_event_delete(&event) }
    return YAMLEvent(event)
  }

  private mutating func refuse(_ line: Int, _ what: String, _ nextStep: String) {
    problems.append(InventoryProblem(line: line, path: "", what: what, nextStep: nextStep))
  }
}
