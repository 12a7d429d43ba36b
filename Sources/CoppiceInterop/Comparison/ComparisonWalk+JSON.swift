import CoppiceFiles
import CoppiceModel

extension ComparisonWalk {
  /// Compares two JSON values, either of which may be missing.
  mutating func compareOptional(_ a: JSON?, _ b: JSON?, at place: Difference.Place) {
    switch (a, b) {
    case (nil, nil): break
    case (let a?, let b?): compare(a, b, at: place, pointer: "")
    case (let a?, nil): reportOnly(inA: true, place, Self.text(a))
    case (nil, let b?): reportOnly(inA: false, place, Self.text(b))
    }
  }

  /// Compares two JSON values and everything inside them.
  mutating func compare(_ a: JSON, _ b: JSON, at place: Difference.Place, pointer: String) {
    switch (a, b) {
    case (.object(let x), .object(let y)):
      for member in x {
        let below = pointer + "/" + member.name.jsonPointerToken
        if let other = b[member.name] {
          compare(member.value, other, at: place, pointer: below)
        } else {
          reportOnly(inA: true, at(place, below), Self.text(member.value))
        }
      }
      for member in y where a[member.name] == nil {
        let below = pointer + "/" + member.name.jsonPointerToken
        reportOnly(inA: false, at(place, below), Self.text(member.value))
      }
    case (.array(let x), .array(let y)):
      for index in 0..<max(x.count, y.count) {
        let below = "\(pointer)/\(index)"
        switch (index < x.count, index < y.count) {
        case (true, true): compare(x[index], y[index], at: place, pointer: below)
        case (true, false): reportOnly(inA: true, at(place, below), Self.text(x[index]))
        default: reportOnly(inA: false, at(place, below), Self.text(y[index]))
        }
      }
    case (.number(let x), .number(let y)):
      guard x != y, !isNear(x, y) else { return }
      report(.json, at(place, pointer), x, y)
    default:
      guard a != b else { return }
      report(.json, at(place, pointer), Self.text(a), Self.text(b))
    }
  }

  /// Returns whether two numbers with different texts are equal within the tolerance, if there is
  /// one.
  private func isNear(_ a: String, _ b: String) -> Bool {
    guard let tolerance = options.tolerance, let x = Self.number(a), let y = Self.number(b) else {
      return false
    }
    return tolerance.admits(NumberDistance(x, y))
  }

  private static func number(_ text: String) -> Double? {
    switch text {
    case "NaN": .nan
    case "Infinity": .infinity
    case "-Infinity": -.infinity
    default: Double(text)
    }
  }

  private func at(_ place: Difference.Place, _ pointer: String) -> Difference.Place {
    Difference.Place(checkpointable: place.checkpointable, path: place.path, pointer: pointer)
  }

  private static func text(_ json: JSON) -> String {
    switch json {
    case .null: "null"
    case .bool(let flag): String(flag)
    case .number(let text): text
    case .string(let text): "\"\(ValueComparison.cut(text.printable))\""
    case .array(let elements): "an array of \(elements.count)"
    case .object(let members): "an object of \(members.count)"
    }
  }
}
