/// What happened.
enum Placeholder {}
