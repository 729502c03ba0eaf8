using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Ollama.Platform.StoreWorker;

// Usage: StoreWorker DIRECTORY SEED REGISTRY. Works on the store until it is killed, and says what it is about to do.
[assembly: SuppressMessage("ApiDesign", "RS0030", Justification = "A program of the tests, which read what it prints.")]

using var work = new StoreWork(args[0], int.Parse(args[1], CultureInfo.InvariantCulture), new Uri(args[2]));
await work.RunAsync(Console.Out.WriteLine);
