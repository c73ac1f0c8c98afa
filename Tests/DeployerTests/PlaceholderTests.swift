import Testing

@Test func `the package builds`() {}
