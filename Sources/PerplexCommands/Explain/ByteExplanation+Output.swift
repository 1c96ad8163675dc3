import BytePrediction
import Records
import Terminal

extension ByteExplanation {
  /// The rows of the report: one for each order, the longest last.
  var table: TextTable {
    var table = TextTable([
      .right("order"), .right("in context"), .right("types"), .right("this"),
      .decimal("estimate"), .decimal("weight"),
    ])
    for order in orders {
      table.append([
        "\(order.order)", NumberFormat.grouped(order.total), NumberFormat.grouped(order.typeCount),
        NumberFormat.grouped(order.count), NumberFormat.significant(order.estimate, digits: 4),
        NumberFormat.fixed(order.weight, decimals: 4),
      ])
    }
    for (recent, weight) in zip(recentBytes, recentWeights) {
      table.append([
        "recent", "", "", TokenTable.escaped([recent]), recent == byte ? "1" : "0",
        NumberFormat.fixed(weight, decimals: 4),
      ])
    }
    return table
  }

  /// The JSON form.
  var json: JSONValue {
    [
      "probability": .double(probability),
      "orders": .array(
        orders.map {
          [
            "order": .integer($0.order), "total": .integer($0.total),
            "types": .integer($0.typeCount), "count": .integer($0.count),
            "estimate": .double($0.estimate), "weight": .double($0.weight),
          ]
        }
      ),
      "recent": .array(
        zip(recentBytes, recentWeights).map {
          ["byte": .integer(Int($0)), "weight": .double($1)]
        }
      ),
    ]
  }
}
