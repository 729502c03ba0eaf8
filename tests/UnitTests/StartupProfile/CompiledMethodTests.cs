using Ollama.Platform.StartupProfile;

namespace Ollama.Platform.UnitTests.StartupProfile;

public sealed class CompiledMethodTests
{
    [Theory]
    [InlineData("System.Threading.Thread:GetThreadStaticsBase()", "System.Threading.Thread", "GetThreadStaticsBase", 0)]
    [InlineData("A.B:.ctor(int,byref)", "A.B", ".ctor", 2)]
    [InlineData("A.B+<RunAsync>d__0:MoveNext()", "A.B+<RunAsync>d__0", "MoveNext", 0)]
    [InlineData("A.B+<<UnaryAsync>b__1>d:MoveNext()", "A.B+<<UnaryAsync>b__1>d", "MoveNext", 0)]
    [InlineData("A.B:<Log>g__Write|14_0(System.Func`2[int,A.C[]],ptr)", "A.B", "<Log>g__Write|14_0", 2)]
    [InlineData("A.B:System.IDisposable.Dispose()", "A.B", "System.IDisposable.Dispose", 0)]
    public void A_method_has_a_type_a_name_and_parameters(string text, string type, string name, int parameterCount)
    {
        var method = CompiledMethod.TryRead($"  12: JIT compiled {text} [Tier0, IL size=18, code size=24]")!;
        Assert.Equal(text, method.Text);
        Assert.Equal(type, method.Type.Name);
        Assert.Equal(name, method.Name);
        Assert.Equal(parameterCount, method.ParameterCount);
        Assert.Empty(method.Type.Arguments);
    }

    [Fact]
    public void Types_and_methods_have_arguments_which_have_some_in_turn()
    {
        var method = CompiledMethod.TryRead(
            "   1: JIT compiled A.B`1+C`1[System.__Canon,A.D`1[int][]]:Run[A.E[],bool](A.D`1[int]):this "
            + "[Tier0, IL size=1, code size=2]")!;
        Assert.Equal("A.B`1+C`1", method.Type.Name);
        Assert.Equal(["System.__Canon", "[]"], method.Type.Arguments.Select(argument => argument.Name));
        var element = Assert.Single(method.Type.Arguments[1].Arguments);
        Assert.Equal("A.D`1", element.Name);
        Assert.Equal("int", Assert.Single(element.Arguments).Name);
        Assert.Equal(["[]", "bool"], method.Arguments.Select(argument => argument.Name));
        Assert.Equal(1, method.ParameterCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("something else")]
    [InlineData("   1: JIT compiled A.B:Run [Tier0, IL size=1, code size=2]")]
    [InlineData("   1: JIT compiled A.B`1[int:Run() [Tier0, IL size=1, code size=2]")]
    [InlineData("   1: JIT compiled A.B [Tier0, IL size=1, code size=2]")]
    public void A_line_that_names_no_method_is_none(string line) => Assert.Null(CompiledMethod.TryRead(line));
}
