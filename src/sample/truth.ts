// What is true in the sample company, in one place. The generator reads these numbers and nothing else
// decides an outcome, so this page can't drift from the data; truth.test.ts finds each of them again in
// what is generated. An analysis that is any good finds the true ones and does not find the false ones.
//
// Effects on coming back are log-odds, added up and put through the logistic function. Everything in days
// is calendar days in Europe/Berlin.

/** Whether a buyer orders again. Drawn once per delivered purchase, when the delivery and what followed it are known. */
export const comingBack = {
  /** A buyer of average activity whose delivery kept its date and who heard nothing afterwards: 26 in 100 order again, in time. */
  base: -1.05,
  /** Per standard deviation of the customer's activity. Nobody sees activity: it also makes page views, newsletters and support calls. */
  activity: 0.7,
  /** TRUE. Delivered after the last day that was promised: the odds fall to 41 %. */
  brokenDelivery: -0.9,
  /** TRUE. A care call after fitting: the odds rise by 92 %. Who is called depends on the region's team alone, so it is as good as random. */
  careCall: 0.65,
  /** Companies buy again more often. */
  company: 0.35,
  /** FALSE FRIEND. Newsletters do nothing; they go to the active, who come back anyway. */
  newsletter: 0,
  /** FALSE FRIEND. The anniversary card does nothing; whoever stays a year, or buys twice, gets more of them (immortal time). */
  anniversaryCard: 0,
  /** TRUE BUT UNKNOWABLE. So few got a discount that no honest analysis can say. */
  discount: 0.2,
  /** Days from delivery to the next order: never under `shortest`, then exponential. */
  days: { shortest: 60, mean: 230 },
}

/** The rating a review gives, before rounding to 1–5 stars. */
export const rating = {
  /** A delivery in time, of average make. */
  base: 4.5,
  /** TRUE. A step down as soon as the promise is broken … */
  broken: -1.4,
  /** … then this much per day late, for at most `cappedAt` days: a plateau, not a slope. */
  perDayLate: -0.03,
  cappedAt: 28,
  /** TRUE. Told before the day came. */
  toldBeforehand: 0.3,
  /** The wait itself hardly matters: per week beyond six. Same wait, different promise is what matters. */
  perWeekOfWaiting: -0.03,
  /** How lenient a person is, how well the piece turned out, and the mood of the day (standard deviations). */
  lenience: 0.4,
  make: 0.35,
  mood: 0.4,
  /** Written while still waiting after the promised day: it judges the waiting, not the furniture. */
  stillWaiting: 1.7,
}

/** Complaints about a delivery. */
export const complaint = {
  /** Delivered in time. */
  kept: 0.04,
  /** Late, and nobody said so beforehand. */
  lateNotTold: 0.34,
  /** TRUE. Late and told beforehand: less than half. */
  lateTold: 0.14,
}

/** How long things take and what is said about it. */
export const delivery = {
  /** Made to order: lognormal around the median. Six weeks hold about 71 times in 100; eight weeks 9 in 10. */
  made: { medianDays: 35, spread: 0.375 },
  /** From stock. */
  stock: { medianDays: 9, spread: 0.4 },
  /** Which number of weeks is said depends on the adviser's habit, not on the workshop: same waits under each. */
  weeksSaid: [
    { weeks: 6, share: 0.5 },
    { weeks: 8, share: 0.38 },
    { weeks: 10, share: 0.12 },
  ],
  /** Instead of weeks a day is named: this many days after the order for made pieces and for stock. */
  namedDay: { share: 0.3, made: 46, stock: 14 },
  /** A late delivery is told beforehand in this share of cases. */
  toldBeforehand: 0.45,
  /** Customers who ask for a later day themselves (moving house, building works). */
  movedByCustomer: 0.06,
}

/** What happens after the sale, as shares of deliveries. */
export const afterwards = {
  assembly: 0.42,
  /** Assembly within the two days that are promised. */
  assemblyInTime: 0.82,
  /** TRUE CARE. A call after fitting: the harbour team calls many, the others few. */
  careCall: { north: 0.46, south: 0.16, west: 0.16 },
  survey: 0.12,
  review: 0.42,
  support: 0.17,
  returned: { kept: 0.018, broken: 0.055 },
  /** The invoice is higher than the offer. */
  dearer: 0.06,
  /** A call back that was promised comes in time. */
  calledBackInTime: 0.74,
  carePlan: 0.09,
  renewed: 0.72,
}

/** Customers who bring others, and how they are thanked for it. */
export const referral = {
  /** Log-odds that a buyer of average contentment brings somebody, and per star above four. */
  base: -4.75,
  perStar: 0.9,
  /** Of those who bring one, this share brings another one, and so on. */
  another: 0.29,
  thanked: 0.08,
}

/** Discounts given: to about 41 of 7,000 buyers. */
export const discountShare = 0.009

/** An offer promised after a design meeting comes by its day. */
export const proposalInTime = 0.86

export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x))
}
