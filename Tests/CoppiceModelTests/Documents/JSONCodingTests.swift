import CoppiceModel
import Testing

/// Values of any type, as JSON and back.
struct JSONCodingTests {
  private struct Config: Codable, Equatable {
    enum Kind: String, Codable { case adam, sgd }
    struct Layer: Codable, Equatable {
      var width: Int
      var rate: Float
    }
    var kind: Kind
    var layers: [Layer]
    var big: UInt64
    var huge: Int128
    var name: String?
    var note: String?
    var extra: JSON
    var byStep: [Int: Double]
  }

  private let config = Config(
    kind: .adam, layers: [.init(width: 3, rate: 0.1)], big: .max, huge: .max, name: nil, note: "x",
    extra: ["a": [1, .null]], byStep: [7: 0.5])

  private let document: JSON = [
    "kind": "adam", "layers": [["width": 3, "rate": .number("0.1")]],
    "big": .number("18446744073709551615"),
    "huge": .number("170141183460469231731687303715884105727"), "note": "x",
    "extra": ["a": [1, .null]], "byStep": ["7": 0.5],
  ]

  @Test func structuresAreObjects() throws {
    #expect(try JSON(encoding: config) == document)
    #expect(try document.decode(Config.self) == config)
    #expect(try document.decode() == config)
  }

  @Test func valuesOfTheLibraryAreThemselves() throws {
    #expect(try JSON(encoding: 5) == 5)
    #expect(
      try JSON(encoding: [1.5, .nan, -.infinity]) == [1.5, .number("NaN"), .number("-Infinity")])
    #expect(try JSON(encoding: String?.none) == .null)
    #expect(try JSON(encoding: ["a": Bool?.some(true), "b": nil]) == ["a": true, "b": .null])
    #expect(try JSON(encoding: document) == document)
    #expect(try (.null as JSON).decode(Int?.self) == nil)
    #expect(try ([1, .null] as JSON).decode([Int?].self) == [1, nil])
    #expect(try JSON.number("-Infinity").decode(Float.self) == -.infinity)
    #expect(try JSON.number("3.0").decode(UInt8.self) == 3)
    #expect(try JSON.number("16777217.0000000001").decode(Float.self) == 16_777_218)
  }

  @Test(arguments: [
    ("300", "UInt8"), ("9223372036854775808", "Int"), ("0.5", "Int"), ("1e999", "Double"),
    ("1e39", "Float"), ("-1", "UInt"),
  ])
  func numbersOutOfRangeAreRefused(_ text: String, _ type: String) throws {
    let json: JSON = ["k": [.number(text)]]
    func fault<Value: Decodable>(_ type: Value.Type) -> CoppiceError? {
      do throws(CoppiceError) {
        _ = try json.decode([String: [Value]].self)
        return nil
      } catch {
        return error
      }
    }
    let error =
      switch type {
      case "UInt8": fault(UInt8.self)
      case "Int": fault(Int.self)
      case "UInt": fault(UInt.self)
      case "Float": fault(Float.self)
      default: fault(Double.self)
      }
    #expect(
      error?.description
        == "#/k/0: found the number \(text), where the type asks for \(type) [json.coding]")
  }

  @Test func errorsSayWhere() {
    func message(_ json: JSON) -> String {
      do throws(CoppiceError) {
        _ = try json.decode(Config.self)
        return ""
      } catch {
        return error.description
      }
    }
    #expect(
      message(["Kind": "adam"])
        == "#/kind: there is no \"kind\", which the type asks for; did you mean \"Kind\"? [json.coding]"
    )
    #expect(
      message(["kind": "adam", "layers": [["width": "3"]]])
        == "#/layers/0/width: found the text \"3\", where the type asks for Int [json.coding]")
    #expect(message(["kind": "rmsprop"]).hasPrefix("#/kind: "))
    #expect(message([]).hasPrefix("found an array of 0, where the type asks for Dictionary"))
  }

  @Test func classesThatContainThemselvesAreRefused() {
    final class Node: Encodable {
      var next: Node?
    }
    let node = Node()
    node.next = node
    defer { node.next = nil }
    #expect {
      try JSON(encoding: node)
    } throws: { error in
      (error as? CoppiceError)?.code.rawValue == "json.coding"
    }
  }
}
