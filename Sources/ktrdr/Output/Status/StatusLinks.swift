import Deployer
import Ledger

extension Appearance {
  /// The tag of what should run, or ran: to the image, or else to its commit.
  func link(_ image: ExpectedImage?) -> TextLink? {
    link(image?.tag, to: image?.image) ?? link(image?.tag, toCommit: image?.commit?.value)
  }

  /// The tag of what runs, to the image.
  func link(_ image: RunningImage?) -> TextLink? {
    guard let image else { return nil }
    return link(image.tag, to: ImageIdentity(reference: image.reference, id: image.imageID, digest: image.digest))
  }
}
