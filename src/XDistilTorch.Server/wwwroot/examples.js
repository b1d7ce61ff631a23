// Texts and questions of our own.
export const examples = [
  {
    name: "The lamp of Cape Selva",
    question: "Who designed the tower?",
    context:
      "The lamp at Cape Selva was lit for the first time on 3 March 1884. Its tower, built of grey granite from the quarry at Dunmore, stands 41 metres above the sea and was designed by the engineer Tomas Ferrow, who had never built a lighthouse before.\n\nFor almost a century the lamp was tended by keepers who lived on the rock with their families. The last of them, Ines Calder, left in October 1979, when the light was made automatic. She wrote later that she missed the storms more than the quiet days.",
  },
  {
    name: "The clock in the square",
    question: "Who repaired the clock?",
    context: "The clock in the square had been silent for a year until Marit Osei repaired it in spring. The town paid her in apples.",
  },
  {
    name: "A question that the text does not answer",
    question: "How much did the new bridge cost?",
    context:
      "The ferry to Hollin Island sails every hour from six in the morning. Bicycles travel free of charge; a car costs nine crowns. In storms the ferry stays in the harbour, and the islanders wait.",
  },
];
