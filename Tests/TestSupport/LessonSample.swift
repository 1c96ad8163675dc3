/// Lines of which every tenth has a word and a mark that no other has, and every twentieth ends in two
/// words that never follow each other elsewhere.
package let lessonSample: String = {
  let whos = ["the ferryman", "the old dog", "nobody", "Anna", "the miller", "a stranger", "he"]
  let dids = ["crossed", "left", "saw", "sang of", "slept by"]
  let wheres = ["the river", "the old house", "<b>&amp;</b>", "a bridge"]
  return (0..<120).map { index in
    let place = index % 10 == 9 ? "the weir\(index) ~" : wheres[index * 3 % 4]
    let end = index % 20 == 19 ? "in the house ." : "in the rain ."
    return "\(whos[index % 7]) \(dids[index % 5]) \(place) \(end)\n"
  }.joined()
}()
