// How many UserSigs the vendor's package signs in a second, and how long one is.
// Usage: node vendor_usersig.cjs PACKAGE_FOLDER
'use strict'

const { Api } = require(process.argv[2])

// As in crates/core/benches/usersig.rs: the same input, the best of 100 slices of 5 ms, and a clock that
// goes on by a second with each token.
const api = new Api(1400000000, '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e')
let now = 1700000000
Date.now = () => now * 1000
const sign = () => api.genSig('administrator', 180 * 24 * 3600)
const tokenChars = sign().length

function slice () {
  const start = performance.now()
  let count = 0
  while (performance.now() - start < 5) {
    for (let i = 0; i < 50; i++) {
      now++
      sign()
    }
    count += 50
  }
  return count / (performance.now() - start) * 1000
}

const perSecond = Math.max(...Array.from({ length: 100 }, slice))
console.log(`usersig.sign.vendor_node.per_second = ${Math.round(perSecond)}`)
console.log(`usersig.token_chars_vendor_node = ${tokenChars}`)
