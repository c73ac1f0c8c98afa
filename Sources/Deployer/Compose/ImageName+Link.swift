public import Ledger

extension Links {
  /// Of an image; `nil` where the template wants a tag or a digest that it does not have.
  public func link(to image: ImageIdentity) -> Link? {
    link(toImage: ImageName(image.reference), digest: image.digest)
  }

  /// Of the image of a container, by its digest where it has one.
  public func link(toImage name: ImageName, digest: String?) -> Link? {
    image?.filled { placeholder in
      switch placeholder {
      case .image: name.repository
      case .path: name.path
      case .name: name.repository.split(separator: "/").last.map(String.init)
      case .tag: name.tag
      case .digest: digest.flatMap { ImageName($0).digest } ?? name.digest
      }
    }
  }
}
