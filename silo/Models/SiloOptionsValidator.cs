using Microsoft.Extensions.Options;

namespace Ollama.Platform.Silo.Models;

/// <summary>Stops the host with a sentence that says which setting is wrong.</summary>
[OptionsValidator]
internal sealed partial class SiloOptionsValidator : IValidateOptions<SiloOptions>;
