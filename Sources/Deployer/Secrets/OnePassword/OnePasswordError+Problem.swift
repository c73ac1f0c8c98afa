extension OnePasswordError {
  /// The error as something that stands in the way of a deployment.
  var problem: Problem { Problem(.secrets, what, nextStep: nextStep) }
}
