extension InventoryReader {
  /// The addresses of commits and images.
  mutating func links(_ node: YAMLNode) -> Links {
    var links = Links()
    guard let section = section(node, "links", known: ["commit", "image"]) else { return links }
    if node.content == .mapping([]) {
      report(section.line, "links", "no links", "add 'commit' or 'image', or remove it")
    }
    links.commit = template("commit", in: section)
    links.image = template("image", in: section)
    return links
  }

  private mutating func template<Placeholder>(_ key: String, in section: Section) -> LinkTemplate<Placeholder>? {
    let path = section.path(of: key)
    guard let node = section[key], let text = text(node, path) else { return nil }
    do throws(InvalidLink) {
      return try LinkTemplate(text)
    } catch {
      report(node.line, path, error.what, error.nextStep)
      return nil
    }
  }
}
