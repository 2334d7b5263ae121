Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0,
  center: false,
  controls: false,
  defaultTiming: 60, // seconds; asks the speaker view for its clock of each slide
  hash: true,
  navigationMode: "linear",
  pdfMaxPagesPerSlide: 1,
  slideNumber: "c/t",
  transition: "fade",
  transitionSpeed: "fast",
  plugins: [RevealNotes],
});
