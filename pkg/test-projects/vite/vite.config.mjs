export default {
  // Vite's dependency cache moves a package's code away from its wasm file.
  optimizeDeps: { exclude: ["trtc-call"] },
  build: { target: "es2022" },
};
