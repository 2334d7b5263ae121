Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0,
  center: false,
  controls: false,
  hash: true,
  navigationMode: "linear",
  pdfMaxPagesPerSlide: 1,
  slideNumber: "c/t",
  transition: "fade",
  transitionSpeed: "fast",
  plugins: [RevealNotes],
});
