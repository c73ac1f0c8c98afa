import Testing

@testable import Deployer

/// What a record says of services with a tag of their own.
struct ServiceTagsTests {
  @Test func `what is written is read again`() throws {
    var tags = ServiceTags("")
    #expect(tags.text(EnvironmentName(known: "SHOP_TAG")) == nil)
    tags.tags = ["api": "v1", "db": "v1", "cache": "v0"]
    let text = try #require(tags.text(EnvironmentName(known: "SHOP_TAG")))
    #expect(text == "SHOP_TAG=v0 for cache; SHOP_TAG=v1 for api, db")
    #expect(ServiceTags(text) == tags)
    #expect(ServiceTags("migrate did not run: a deployed service needs it; \(text)") == tags)
  }

  @Test(arguments: ["", "api stopped with exit status 3", "X=1", "for api, db", "=v1 for api", "a b=v1 for api"])
  func `other reasons say nothing`(reason: String) { #expect(ServiceTags(reason).tags.isEmpty) }
}
