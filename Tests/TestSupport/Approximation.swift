/// True if two numbers differ by at most `tolerance` times the larger one; a NaN is close to nothing.
package func isClose(_ left: Double, _ right: Double, within tolerance: Double = 1e-12) -> Bool {
  left == right || abs(left - right) <= tolerance * max(abs(left), abs(right))
}
