/// The options of the command line.
struct Arguments {
  var workload = "W1"
  var operations = ["all"]
  var directory = "/tmp/coppice-bench/data"
  var runs = 1
  var isVerifying = true

  init?(_ words: [String]) {
    var index = 0
    while index + 1 < words.count {
      let value = words[index + 1]
      switch words[index] {
      case "--workload": workload = value
      case "--op", "--ops": operations = value.split(separator: ",").map(String.init)
      case "--dir": directory = value
      case "--runs":
        guard let count = Int(value) else { return nil }
        runs = count
      case "--verify": isVerifying = value != "0"
      default: return nil
      }
      index += 2
    }
    if index != words.count { return nil }
    if operations == ["all"] {
      operations = [
        "async", "save", "load", "load_unverified", "load_cold", "partial", "partial_cold",
        "metadata",
      ]
    }
  }

  func includes(_ operation: String) -> Bool { operations.contains(operation) }
}
